/* Without a descriptor left, connections are turned away and the listener goes on. */
#include "support/cm.h"

#include "broker/accept.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#define WAITING 5

static char folder[] = "/tmp/far-test-accept-XXXXXX";
static struct sockaddr_un address = { .sun_family = AF_UNIX };

static int listen_there (void)
{
    assert_non_null (mkdtemp (folder));
    snprintf (address.sun_path, sizeof address.sun_path, "%s/s", folder);
    int listener = socket (AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0);
    assert_int_equal (bind (listener, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal (listen (listener, WAITING), 0);
    return listener;
}

static int connect_there (void)
{
    int fd = socket (AF_UNIX, SOCK_STREAM, 0);
    assert_int_equal (connect (fd, (struct sockaddr *)&address, sizeof address), 0);
    return fd;
}

/* Takes every descriptor that is left below the limit, as copies of fd. */
static int take_all (int fd)
{
    int last = -1;
    for (int taken; (taken = dup (fd)) >= 0;)
        last = taken;
    return last;
}

static void connections_are_turned_away_when_there_is_no_descriptor (void **state)
{
    (void)state;
    struct rlimit limit;
    int listener = listen_there (), waiting[WAITING];
    assert_int_equal (getrlimit (RLIMIT_NOFILE, &limit), 0);
    limit.rlim_cur = 64;
    assert_int_equal (setrlimit (RLIMIT_NOFILE, &limit), 0);
    accept_reserve ();
    for (int i = 0; i < WAITING; i++)
        waiting[i] = connect_there ();
    int last = take_all (listener);
    for (int i = 0; i < WAITING - 1; i++) {
        char byte;
        assert_int_equal (accept4 (listener, NULL, NULL, SOCK_CLOEXEC), -1);
        assert_int_equal (errno, ECONNABORTED);
        assert_int_equal (read (waiting[i], &byte, 1), 0);
    }
    close (last);
    int accepted = accept4 (listener, NULL, NULL, SOCK_CLOEXEC);
    assert_true (accepted >= 0);
    assert_true (fcntl (accepted, F_GETFD) & FD_CLOEXEC);
    assert_int_equal (accept4 (listener, NULL, NULL, SOCK_CLOEXEC), -1);
    assert_true (errno == EAGAIN || errno == ECONNABORTED);
    for (int fd = STDERR_FILENO + 1; fd < (int)limit.rlim_cur; fd++)
        close (fd);
    unlink (address.sun_path);
    rmdir (folder);
}

int main (void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test (connections_are_turned_away_when_there_is_no_descriptor),
    };
    return cmocka_run_group_tests_name ("accept", tests, NULL, NULL);
}
