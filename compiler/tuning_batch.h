/* tuning_batch.h -- what tuning.h is, for predict_batch. */

#ifndef TUNING_BATCH_H
#define TUNING_BATCH_H

/* ---- Samples in lanes (batch.c) ------------------------------------------ */

enum {
    /* Bytes of stack, for inputs, outputs, states and buffers of the samples
     * that predict_batch takes at once; a budget may allow less. batch.md
     * section 7 demands 64 KB; W6 in 16 lanes takes 57. */
    LANES_MOST_STACK = 64 * 1024,
    /* Bytes of a value in all lanes: the widest register. */
    LANES_REGISTER = 64,
    /* The same, of layers in tiles, which take sets of lanes (runtime/sets.h):
     * three of 32 or 16, one of 64. */
    LANES_SETS_32 = 96,
    LANES_SETS_64 = 64,
    LANES_SETS_16 = 48,
    /* Bytes of a register for which lanes are worth it. Products of vectors of
     * 4 spread weights no faster than a sample alone does (W8, SSE2: 0.94
     * times); what waits for activations gains (GRU 16 1.05 / 1.02, LSTM 20
     * 1.17 / 1.16), but not so many units that fill them (W3 0.99 / 0.99, GRU
     * 48 0.99 / 0.97, in twice the text). */
    LANES_LEAST_REGISTER = 32,
    LANES_LEAST_WAITING = 16,
    LANES_LEAST_FULL = 32,

    /* Bytes of kernels of an LSTM or GRU, some units of which go through a
     * timestep at once: W3, of 26 KB, 8748 -> 7470 / 8784 -> 7858, W2, of 10,
     * 3151 -> 2584 / 2934 -> 2522, LSTM 64->40, of 67, 5380 -> 5138 / 5386 ->
     * 5162; GRU 100->40, of 67, 5484 -> 6017 / 5587 -> 6063. */
    LANES_MOST_KERNELS = 64 * 1024,
    /* Registers of sums, of all lanes together (runtime/sets.h). */
    LANES_SUMS = 16,
    /* Units of Dense whose sums these hold, of three sets; a tile's half takes
     * eight: 64 samples of 30-20-3 19.8 -> 16.7 / 20.8 -> 16.0. */
    LANES_MOST_FEW = 5,

    /* Samples for which a set of lanes, filled up, is as fast as predict for
     * each. Of layers in tiles 3 of 4: of 16 lanes W2 takes 12, W3 14, W4 13,
     * W6 10, W8 12 (batch.md, "Small n and tails"). */
    LANES_FILLED = 3,
    LANES_FILLED_OF = 4,
    /* Else 3, and one more for so many lanes: of straight lines 2 to 4 in 16
     * lanes, 2 in 8 or 4; 3 to 6 where 8 units and more fill registers of one
     * sample, too: GRU 16->8 took 2.5 times the time of a loop for 4 samples.
     */
    LANES_LEAST_SAMPLES = 3,
    LANES_FOR_ONE_MORE = 16,
    LANES_LEAST_UNITS = 8,
    LANES_FOR_ONE_MORE_UNITS = 4,
    /* Loops over samples without vectors of their own: for so many bytes of a
     * register one less in a set. 16 take the time of 3 to 7 where compilers
     * make it one of vectors of 64 bytes, of 7 to 15 with those of 16. */
    LANES_LOOPED = 8,
    /* Timesteps for which a compiler may copy a layer's straight lines to where
     * they are called: clang did so with an LSTM of one unit and 40 timesteps,
     * 46 KB of text for 8, and no faster. */
    LANES_MOST_COPIES = 4
};

/* ---- Sums of samples, spelled out (batch.c, sum_samples.c.lt) ------------ */

/* Together these keep the text of predict_batch below 8 KB with gcc, 16 KB with
 * clang (tests/tiles). */
enum {
    /* Products of a sample that are spelled out where predict has loops (those
     * of straight lines all are: SimpleRNN 1->10->12->8 took 11.6 KB of text,
     * in plain C 23, and takes 4.4 and 7.9; 57.6 -> 61.6 / 57.0 -> 60.7 ns); of
     * several rows or timesteps, those of one. Dense 8-16-16-4, of 448: 1.0 /
     * 1.0 times as fast as loops over units, SSE2 1.4 / 1.5; LSTM 2->6 1.5 /
     * 1.5; plain C 8.8 / 3.5. Beyond, Dense 12-24-16-4, of 736, 14.8 -> 13.1 /
     * 13.7 -> 12.1, but AVX2 17.9 -> 18.1 / 16.5 -> 18.0; of 1424 30.7 -> 23.4
     * / 27.6 -> 21.8, AVX2 31.1 -> 32.6 / 30.7 -> 35.4. */
    SPELLED_MOST = 500,
    /* Of more than so many products, or of a size beyond that, as below, sums
     * loop over rows of a kernel, so many at a time. Dense 8-16-16-4 takes 2.7
     * KB of text for 8.6 (gcc, AVX2), 5.3 for 16.9 (clang, AVX-512); time 8.8
     * -> 9.1 / 12.0 -> 8.0, AVX2 13.1 -> 12.5 / 14.5 -> 13.1, SSE2 1.02 to 1.3
     * times as long with gcc. */
    SPELLED_MOST_IN_A_ROW = 288,
    SPELLED_MOST_SIZE = 620,
    SPELLED_ROWS = 2,
    /* Size of straight lines, in products, beyond which their sums are spelled
     * out, too: LSTM 3->4->4 15 -> 6 KB with gcc, 0.93 to 1.12 times as fast.
     * What gates make of a sum takes the text of so many products. */
    SPELLED_BEYOND = 290,
    SPELLED_GATES = 10,
    /* Products of all timesteps, up to which compilers may unroll their loop,
     * of one gate: W1, of 500, 36 -> 27 (gcc, AVX2), 33 -> 27 / 41 -> 30 (plain
     * C). LSTM 1->2 took 27 KB of text for 10 (clang), no less time. */
    SPELLED_MOST_TURNS = 512,
    /* Elements of a sample's inputs and outputs, up to which all of them are
     * gathered at once, in squares: W1, of 32, 29.0 -> 20.1 / 25.4 -> 19.1,
     * AVX2 42.1 -> 25.7 / 25.8 -> 24.4. Not measured: 512 itself, 32 KB in the
     * widest lanes. */
    SPELLED_MOST_WHOLE = 512,
    /* Sums in registers at once; of 16 eight, beside what they need. */
    SPELLED_SUMS = 8,
    /* Columns of a layer whose activations are straight lines, too: of a
     * recurrence of one gate, of several, of Dense with relu or none. gcc took
     * a load and a store for each unit: SimpleRNN 3->8 AVX2 47.3 -> 44.4, SSE2
     * 124 -> 100; LSTM 1->3 44.5 -> 41.2 / 45.3 -> 38.7; Dense 4-8-8-2 4.2 ->
     * 3.8. */
    SPELLED_LINE_RECURRENT = 8,
    SPELLED_LINE_GATED = 12,
    SPELLED_LINE_DENSE = 16
};

/* ---- Samples that share weights (batch_some.c) --------------------------- */

enum {
    /* Samples at once: at most, and for which it is worth it. W9 takes 810k /
     * 882k with 6, 636k / 637k with 10, 520k with 30 (--budget-stack). Four
     * samples: W8 139 -> 100 / 128 -> 97, others 1.1 to 1.5 times as fast as a
     * loop over predict. */
    SHARED_MOST = 32,
    SHARED_LEAST = 4,
    /* That share a load, where sums are those of predict, in two parts, or in
     * one (product_rows.h, product_samples.h): six of four vectors fill 32
     * registers, six of two 16. W6 343k -> 279k / 348k -> 288k, AVX2 W2 3.90k
     * -> 3.33k / 4.20k -> 3.54k. */
    SHARED_ROWS_ALIKE = 4,
    SHARED_ROWS = 6,
    /* Bytes of kernels that stand in the second cache; those are read once for
     * so many times as many, at hardly any cost (W4 and W5 gain nothing by
     * more), larger ones for as many as the stack allows: W6, of 1.5 MB, 330k
     * with 8 samples, 303k with 16. */
    SHARED_LARGE_KERNELS = 1 << 20,
    SHARED_PASSES = 2,
    /* Of so many units one, at most, may be a zero behind them, for registers
     * to count as full. Recurrences in sixteens: LSTM 32 1.2 times as fast as
     * lanes, GRU 64 1.2, SimpleRNN 24 1.3; but LSTM 40, in eights, 0.8, and
     * LSTM 50 0.9. In eights, of AVX2: GRU 16 to 128 1.05 to 1.13, LSTM 64->64
     * 1.08, 40 0.95, SimpleRNN 0.8 to 1.1. */
    SHARED_FULL_RECURRENT = 8,
    /* Dense beyond sixteen units: 1.03 to 1.36 times as fast (32-64-64-10,
     * 64-256-64), else 0.8 to 1.1. */
    SHARED_FULL_DENSE = 16
};

#endif
