/* progress.c -- work that takes longer than a second says what it is doing, on
 * a terminal, in one line that goes away.
 *
 * A signal draws it once a second, so that nothing has to look at a clock, and
 * what cannot be interrupted (cJSON, a slow pipe) shows, too. The handler only
 * writes a text that is complete: progress() fills one while the other is in
 * use. */

#include "rnnc.h"

#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct {
    char text[2][64];
    volatile sig_atomic_t current, on, shown;
} line;

static void draw(int signal_number)
{
    int saved = errno;
    (void)signal_number;
    if (line.on) {
        const char *text = line.text[line.current];
        line.shown = write(STDERR_FILENO, text, strlen(text)) > 0;
        alarm(1);
    }
    errno = saved;
}

void progress_start(bool quiet)
{
    const char *term = getenv("TERM");
    struct sigaction action = {.sa_handler = draw, .sa_flags = SA_RESTART};
    if (quiet || !term || strcmp(term, "dumb") == 0 || !isatty(STDERR_FILENO))
        return;
    progress("reading", 0, 0);
    sigemptyset(&action.sa_mask);
    line.on = sigaction(SIGALRM, &action, NULL) == 0;
    alarm(1);
}

void progress(const char *doing, int64_t done, int64_t total)
{
    static const char erase[] = "\r\033[K";
    int next = !line.current;
    done = total > 0 && done > total ? total : done;
    if (total > 0)
        snprintf(line.text[next], sizeof line.text[next], "%srnnc: %s, %d %%",
                 erase, doing, (int)(100.0 * (double)done / (double)total));
    else if (done > 0)
        snprintf(line.text[next], sizeof line.text[next], "%srnnc: %s, %d MB",
                 erase, doing, (int)(done / 1000000));
    else
        snprintf(line.text[next], sizeof line.text[next], "%srnnc: %s", erase,
                 doing);
    line.current = next;
}

/* For good: what comes next on the terminal is a message or a result. */
void progress_end(void)
{
    line.on = 0;
    if (line.shown && write(STDERR_FILENO, "\r\033[K", 4) > 0)
        line.shown = 0;
}
