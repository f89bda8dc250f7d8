/* main.cpp -- smooths the numbers on standard input, one at a time. */

#include <cstdio>

#include "smooth.h"

int main()
{
    smooth_state state;
    float x, y;

    smooth_reset(&state);
    while (std::scanf("%f", &x) == 1) {
        smooth_step(&state, &x, &y);
        std::printf("%g\n", double(y));
    }
    return 0;
}
