/* spend.c -- spend COMMAND...: runs it, prints "seconds bytes": its processor
 * time and the most memory it had.
 *
 * A program of its own, because a process starts with the peak of the one that
 * started it, and bench.py is large. */

#define _DEFAULT_SOURCE /* wait4 */
#include <stdio.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

static double seconds(struct timeval t)
{
    return (double)t.tv_sec + 1e-6 * (double)t.tv_usec;
}

int main(int argc, char **argv)
{
    struct rusage use;
    int status;
    pid_t child = argc > 1 ? fork() : -1;
    if (child == 0) {
        execvp(argv[1], argv + 1);
        _exit(127);
    }
    if (child < 0 || wait4(child, &status, 0, &use) != child || status != 0)
        return 1;
    printf("%.6f %ld\n", seconds(use.ru_utime) + seconds(use.ru_stime),
           use.ru_maxrss * 1024);
    return 0;
}
