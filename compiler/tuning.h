/* tuning.h -- every number that decides by speed, stack or size of text, with
 * its unit and the measurement that set it. Why a decision is made at all is
 * said where it is made. Formats and limits are not here: what fits 16 bits, a
 * line of text, a name; LANES_MOST (rnnc.h), as no processor takes more.
 *
 * Figures are nanoseconds, or times as fast, with gcc / clang -O2 -march=native
 * (AVX-512) unless other flags are named; W1 to W9 are the networks of
 * tests/bench, "codegen.md" and "batch.md" pages of the design. To set a number
 * again, change it, make, and compare both programs in one run of tests/bench.
 *
 * A few stand in runtime/, where registers decide:
 *   lanes.h            RN_WIDTH, bytes of a register; RN_SUMS, 16 or 8 sums
 *   sets.h             RN_SETS, RN_UNITS_n: lanes, units that share a load
 *   abreast.h          RN_BLOCK, numbers of a vector in plain C; RN_SIXTEENS
 *   gemv.h             40 products of up to four units stand in no loop
 *   product.h          rn_share: vectors of a pass over the features
 *   product_rows.h     four rows share a load
 *   product_samples.h  six or four; 24 KB at a time, larger ones fetched ahead
 *   sum_samples.h      64 or 32 features at a time, 16 KB of a kernel
 *   gather.h           RN_SQUARES, four by four change places */

#ifndef TUNING_H
#define TUNING_H

#include "tuning_batch.h" /* of predict_batch */

/* ---- Straight lines or loops (cost.c, tiles.c) --------------------------- */

enum {
    /* Statements. Loops -> straight lines: W1, of 69, 370 -> 185 / 190 -> 143;
     * of what does not fill vectors, without the limit of text below, LSTM
     * 40->5, of 970, 1791 -> 1130 / 996 -> 1555, 90->5 3045 -> 1888 / 1617 ->
     * 4591, text 4 -> 41 KB. So from there on clang loses more than gcc gains.
     */
    LINES_MOST = 1000,
    /* Calls in a prediction, one for each timestep of each layer. SimpleRNN
     * 2->4 of 100 timesteps, loops -> straight lines, 1307 -> 1224 / 1350 ->
     * 1241. Not measured: more than 128, whose text is in predict. */
    LINES_MOST_CALLS = 128,
    /* Bytes of C, at most, whoever asks for straight lines: what compilers
     * digest. Dense 64->256, of 760 KB as counted here, takes gcc 32 s, clang
     * 10 s; 64->64 3.3 and 0.7. */
    LINES_MOST_TEXT = 1 << 20,
    /* Bytes of a statement or a call, beside its layer's name; for that limit
     * only. Those Dense layers take more, 118 for 46, of which a weight is a
     * dozen. */
    LINES_STATEMENT = 40,
    /* Bytes of text of a layer, on the average, for straight lines; as gcc -O2
     * makes it, of a layer, of a sum and its activation, of a product of units
     * in fours, of others, of less than four: SimpleRNN 32->15 10.6 KB, 32->12
     * 4.8, 32->3 3.2, GRU 32->4 4.1, LSTM 32->1 4.3. */
    LINES_MOST_OF_LAYER = 3000,
    LINES_TEXT_LAYER = 300,
    LINES_TEXT_SUM = 85,
    LINES_TEXT_FULL = 7,
    LINES_TEXT_PRODUCT = 13,
    LINES_TEXT_FEW = 27,
    /* Of short layers times their calls, that clang may copy: SimpleRNN 8->2,
     * of 10 calls, 8.3 -> 1.1 KB, 103 -> 117; 1->5->2 of 40 28.7 -> 2.5 KB,
     * even. */
    LINES_MOST_COPIED = 5000,
    LINES_MOST_COPY = 1200,
    /* Units of a SimpleRNN, half of which are summed apart: 4 to 9 % less time
     * with fused multiply-add (W1 141.7 -> 134.9 / 140.6 -> 129.7), up to 8 %
     * more with clang and SSE2. Of three, two sums wait as long as one. */
    LINES_LEAST_APART = 4,

    /* Numbers abreast, for which loops with vectors are faster: GELU of 8 8.5 /
     * 7.4 times, Dense 4-8-8-2 2.1 / 2.0. */
    LOOPS_LEAST_ABREAST = 8,
    /* Units of Dense: 8-6-2 11.1 -> 6.8 / 10.9 -> 5.9, SSE2 15.2 -> 8.6 / 11.5
     * -> 9.5; 8-4-2 7.3 -> 5.1 / 7.7 -> 5.6; 3-5-5-3 13.9 -> 9.3 / 18.4 -> 7.9,
     * AVX2 13.5 -> 7.2 / 19.1 -> 6.9; 4-3-3-3 10.2 -> 4.9 / 8.9 -> 4.3. Fewer,
     * too, of TILES_LEAST_DOT features: 40-1-2 18.4 -> 3.6 / 17.4 -> 3.1,
     * 32-2-1 14.7 -> 5.4 / 17.3 -> 5.8, 50-3-1 32 -> 12 / 36 -> 9, 16-2-2 7.6
     * -> 5.6 / 8.2 -> 5.8. */
    LOOPS_LEAST_DENSE = 3,
    /* Products of a Dense layer in tiles that stand in straight lines, too, for
     * processors without vectors: 4-8-8-2 51 -> 24 / 34 -> 23, 3-10-2 27 -> 12
     * / 16 -> 14, 8-16-4 67 -> 60 / 54 -> 41 (gcc, text 1.0 -> 2.5 KB). */
    LINES_MOST_ALONE = 128,
    /* Units of a recurrence: SimpleRNN in tiles of 8, W1 129.5 -> 98.6 / 123.7
     * -> 99.2, AVX2 131.5 -> 102.3 / 126.9 -> 108.4, SSE2 160 -> 171 / 162 ->
     * 145, gcc -Os 0.46; 3->7 of 20 timesteps 354 -> 272 / 321 -> 243; 1->2 203
     * -> 201 / 227 -> 190; 3->4 7 % more (gcc), 3 % less (clang); 24->8 of 12
     * 207 -> 181 / 196 -> 161. LSTM 2->5 1.77 / 1.45 times as fast (gcc, SSE2:
     * 6.5 -> 1.6 KB), 1->2 1.31 / 1.28; GRU 2->5 1.16 / 1.10, 1->2 0.99 / 1.12.
     * Without vectors these are slower, in half the text or less: LSTM 2->2
     * 0.85 / 0.96, 2->5 0.73 / 0.81, GRU 2->3 0.77 / 0.83; SimpleRNN stands in
     * straight lines there (Tiles: alone). */
    LOOPS_LEAST_RECURRENT = 2,
    /* Units of a GRU that fill a register in straight lines, too: 2->4 272 ->
     * 280 / 289 -> 286, AVX2 275 -> 311 / 298 -> 256. */
    LINES_THREE_GATES = 4,
    /* With --reproducible, where tiles keep samples out of lanes: a batch of
     * LSTM 2->5 takes 98 -> 215 / 98 -> 277, predict 805 -> 385 / 552 -> 374.
     */
    LOOPS_LEAST_ALIKE = 6,

    /* Of a window whose loop is unrolled, so that sums of features stay in
     * registers: gcc is 2.6 to 3.4 times as fast with 3 x 3; clang unrolls by
     * itself. Not measured: more than 9. */
    WINDOW_MOST_TAPS = 16
};

/* ---- Tiles (tiles.c) ----------------------------------------------------- */

enum {
    /* Units of a layer that stands in tiles. Dense 64-40-6-8-40-6, those of 6
     * and 8 in loops or in tiles: 180 -> 108 / 117 -> 101, AVX2 195 -> 119 /
     * even. SimpleRNN 3->5 231 -> 150 / even, but in plain C 226 -> 154 / 147
     * -> 248; GRU 2->4 401 -> 280 / even, LSTM 2->2 381 -> 275 / 357 -> 308. */
    TILES_LEAST_RECURRENT = 6,
    TILES_LEAST_FEW = 2, /* if lanes need not sum as tiles do, or can */
    TILES_LEAST_WINDOW = 5, /* of a convolution, not measured */
    /* The same of Dense, in rows of 8: 4-3-3-3 10.2 -> 4.9 / 8.9 -> 4.3, 8-3-2
     * 5.8 -> 3.5 / 6.3 -> 4.7, 12-4-2 10.7 -> 6.2 / 10.8 -> 5.9, 16-4-4-1 11.0
     * -> 6.8 / 9.7 -> 6.7, SSE2 14.7 -> 10.1 / 12.5 -> 9.6. Of two (8-2-2 4.3
     * -> 3.4 / 4.4 -> 4.5, 2-2-2-1 4.8 -> 2.8 / 4.2 -> 2.7) the zeros behind
     * them would be most of what is stored. */
    TILES_LEAST_DENSE = 3,
    /* Percent of its units that are, up to which products and gates leave out
     * the zeros behind them, where numbers stand alone: LSTM 2->2 773 -> 428 /
     * 709 -> 354, 2->5 1054 -> 1007 / 1054 -> 986, products, too, 1340 / 907;
     * gates of 20 units of 24 6.5k -> 7.4k / 5.9k -> 6.8k. */
    TILES_ALONE_PRODUCTS = 50,
    TILES_ALONE_GATES = 75,
    /* Features of a product of fewer units, whose rows are summed in lanes:
     * Dense 64-64-2 126 -> 82 / 163 -> 67, AVX2 134 -> 114 / 145 -> 105;
     * 64-16-4-64-1 131 -> 82 / 156 -> 43. */
    TILES_LEAST_DOT = 16,
    /* The same, for each unit: 24-3-3 in a tile 12.4 -> 7.1 / 8.3 -> 7.3,
     * 40-4-3 11.0 -> 10.9 / 11.9 -> 11.0, 64-4-4 19.7 -> 17.0 / 12.5 -> 17.1.
     */
    TILES_DOT_EACH = 11,
    /* A multiple of this are the units of a tile with several gates, or of one
     * gate that has no more; with one gate else of LANES_MOST. With 16 instead
     * W2, of 24, takes 54 -> 65 / 54 -> 63, W3, of 40, 149 -> 178 / 151 -> 177
     * (codegen.md section 5.3). */
    TILES_GATED = 8,
    /* Columns of a layer that is one tile, with one gate and with several. W3,
     * of 160, takes 156 -> 184 / 145 -> 170 in several, AVX2 209 -> 264 / 218
     * -> 270; GRU 16->64, of 192, 18.6k -> 16.4k / 18.4k -> 16.5k, AVX2 25.3k
     * -> 22.6k / 24.5k -> 22.5k, LSTM 48, of 192, the same. Dense of 180 units
     * in four tiles takes 350 -> 379 / 313 -> 309, AVX2 434 -> 442 / 377 ->
     * 455; of 192, which leave none empty, 303 / 300, AVX2 393 -> 369 / 399 ->
     * 369. */
    TILES_MOST_ALONE = 192,
    TILES_MOST_ALONE_GATED = 160,
    /* The same, of an LSTM in eights. LSTM 1->50, of 224, takes 394 -> 271 /
     * 387 -> 267 a timestep, AVX2 497 -> 371 / 492 -> 388, SSE2 1013 -> 894 /
     * 997 -> 878, 64 samples 200 -> 206 / 200 -> 208. Larger ones do not fit
     * the first cache. GRU 56 as one of 168 gains with AVX2 and SSE2 (352 ->
     * 307, 695 -> 637) and loses with AVX-512 (245 -> 277 / 239 -> 271). */
    TILES_MOST_ALONE_EIGHTS = 224,
    /* Columns whose time the tile of a larger layer takes at least, and that it
     * has at most. 64 of an LSTM and 48 of a GRU instead of 128 and 96: W4
     * 54.7k -> 52.0k / 55.0k -> 51.3k, AVX2 79.8k -> 77.2k / 80.2k -> 77.7k, W5
     * even, AVX2 233k -> 228k / 230k -> 227k, W6 535k -> 525k / 534k -> 511k,
     * AVX2 698k -> 659k / 694k -> 662k, without -march 1.51M -> 1.43M / 1.61M
     * -> 1.48M, W9 6.4M -> 5.5M / 6.5M -> 5.5M; batches of 64 0.92 to 1.0 times
     * (W9 with AVX2 1.08 / 1.11). SimpleRNN 32->256 in tiles of 64 instead of
     * 128 41.8k -> 39.4k / 41.1k -> 36.8k. Dense of 200 units, which 13 tiles
     * of 16 fill, is one of 208: 402 -> 380 / 373 -> 364, AVX2 667 -> 440 / 691
     * -> 400; but SimpleRNN 8->200 23.5k -> 25.3k / 23.4k -> 25.4k. */
    TILES_LEAST_COLUMNS = 48,
    TILES_MOST_COLUMNS = 256,
    /* At least, with --weights: numbers are widened by pairs and fours. GRU
     * 16->64 in bf16 takes 19.8k -> 17.7k / 19.0k -> 15.7k, W5 168k -> 153k /
     * 150k -> 134k, W4 55.6k -> 53.5k / 50.8k -> 49.9k, W6 435k -> 420k / 377k
     * -> 369k; in int8 even. */
    TILES_LEAST_NARROW = 96,

    /* Timesteps, pixels or rows whose inputs are multiplied at once: a kernel
     * that is read once for 8 costs an eighth; 10, 20, 50 and 100 gained less
     * than 2 % more (codegen.md section 2, "Storage and sparsity"); 4 instead
     * take W4 1.03 / 1.02 times, W5 1.01, W7 0.98 / 1.01. */
    TILES_MOST_TIMESTEPS = 8,
    /* Weights of a kernel for which that is worth the memory, of one tile;
     * others are read while sums wait. One by one LSTM 32->16 takes 0.88 /
     * 0.85, 32->32, of 4096, 1.03 / 1.06, 64->32 1.24; GRU 32->16 0.78 / 0.80,
     * 32->32 0.99; SimpleRNN 32->32 0.94 / 0.84, 64->64 1.11 / 1.07. Several
     * tiles stream their kernel from the second cache: LSTM 1->64 24.1k ->
     * 19.2k. */
    TILES_LEAST_KERNEL = 4096,
    /* Bytes of sums, and of windows of a convolution: the first cache. With 8,
     * 32 and 128 KB W6 takes 563k, 504k, 486k / 734k, 518k, 515k, AVX2 831k,
     * 717k, 704k / 836k, 764k, 751k; with 128 W9 no longer fits 64 KB of stack.
     */
    TILES_MOST_BYTES = 32 * 1024,

    /* Units of a group that stands beside others; of more, the tile of each is
     * mostly full. 32 filters in 4 groups of 8 2.5 / 1.4 times as fast as plain
     * loops, 8 groups 4.3 / 1.7, 16 groups 2.3 / 2.0; as tiles filled up to 16
     * 0.4 to 0.6 (SSE2). One filter: nothing to share, loops. */
    TILES_LEAST_JOINED = 2,
    TILES_MOST_JOINED = 8
};

/* ---- Pruned weights (blocks.c) ------------------------------------------- */

enum {
    /* Rows of a block, which pick_blocks.h and multiply.c.lt know, too: 8 rows
     * of 64 columns "cost nothing" (codegen.md section 2, "Storage and
     * sparsity"). */
    PRUNED_ROWS = 8,
    /* Rows of inputs that are picked at once: 4 timesteps of them take 2 KB of
     * stack. With 32, 128 and 512 the pruned W6 takes 144k, 130k, 135k / 148k,
     * 136k, 147k, AVX2 188k, 186k, 190k / 186k, 181k, 191k. */
    PRUNED_PICKED = 128,
    /* What else a block costs, in columns, and a group of blocks, in weights:
     * a copy of its inputs, a turn of a loop. An input takes 1/16 of the time
     * of 64 columns, which is 4; not measured: the rest. */
    PRUNED_BLOCK = 16,
    PRUNED_GROUP = 256,
    /* Percent of the cost of all weights, up to which blocks are left out:
     * lanes of samples are lost by it. Half of the blocks zero 1.9 to 2.5 times
     * as fast (LSTM), 1.6 to 1.7 (GRU). */
    PRUNED_MOST_COST = 75,
    /* Percent of that of the usual tiles, up to which others are taken, for
     * more zeros together. Not measured. */
    PRUNED_MOST_OTHER = 90,
    /* Columns of such a tile; it may be twice as wide as others, as zeros are
     * gone. With 128 the pruned W6 takes 130k -> 141k / 136k -> 152k. */
    PRUNED_MOST_COLUMNS = 256,
    /* Percent of the numbers that are zero, from which straight lines leave
     * them out: compilers make vectors of straight lines, which gaps spoil.
     * Half of them 0.9 to 1.8 times the time, three quarters 0.7 to 1.3. */
    PRUNED_LEAST_LINES = 75
};

/* Units of tiles that are tried for pruned kernels: what people prune. */
#define PRUNED_UNITS 16, 32, 48, 64

/* ---- Narrow weights (storage.c) ------------------------------------------ */

enum {
    /* Weights of a column that are stored as bf16, f16 or int8. Counted, not
     * measured: a column of int8 has a factor of four bytes, which one weight
     * or two do not pay for; a vector is none of a matrix's. */
    NARROW_LEAST = 2,
    NARROW_LEAST_INT8 = 3
};

/* ---- Text (plan.c, weights.c, selftest.c.lt) ----------------------------- */

enum {
    /* Parameters, beyond which weights are a string: a million as decimals
     * take gcc / clang 2.95 / 2.88 s, as a string 0.27 / 0.12 (codegen.md
     * section 10). Fewer a person can read. */
    TEXT_MOST_DECIMAL = 100000,
    /* Columns of its lines. Longer ones spare gcc a fifth of its time and a
     * third of its memory (10 million floats: 4.1 s to 3.1 s, 666 to 476 MB),
     * and beyond 1000 nothing more. */
    TEXT_STRING_COLUMNS = 1000,
    /* Elements of an output that the selftest has on the stack: 16 KB of
     * doubles. Not measured. */
    TEXT_MOST_SELFTEST = 2048
};

#endif
