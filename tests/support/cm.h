/* cmocka, with what it wants included before it. */
#ifndef FAR_TESTS_CM_H
#define FAR_TESTS_CM_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#endif
