/* A user's smallest program: valid C11 and C++17. It is built against an installation in each way that users build. */
#include <farcall.h>

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

int main (void)
{
    int64_t number = 0;
    far_value_t *value = far_value_new ("l", (int64_t)42);
    if (!value)
        return far_print_error ("far_value_new");
    far_status_t status = far_value_get (value, "l", &number);
    far_value_destroy (&value);
    if (status != FAR_OK || number != 42)
        return far_print_error ("far_value_get");
    printf ("%s %s\n", far_version (), far_status_name (status));
    return strcmp (far_version (), EXPECTED_VERSION) != 0;
}
