/* main.c -- smooths the numbers on standard input, one at a time. */

#include <stdio.h>

#include "smooth.h"

int main(void)
{
    smooth_state state;
    float x, y;

    smooth_reset(&state);
    while (scanf("%f", &x) == 1) {
        smooth_step(&state, &x, &y);
        printf("%g\n", (double)y);
    }
    return 0;
}
