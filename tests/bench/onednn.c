/* onednn.c -- a network in oneDNN 2, for onednn.py through ctypes.
 *
 * The library chooses the formats of its weights, which are brought into
 * those once, when a layer is added. Inputs and outputs are where and as
 * Python has them: all primitives that are used here read and write plain
 * arrays. So a run is a primitive for each layer, and no reorder.
 *
 * oneDNN 3 has other functions to describe a layer; onednn.py looks.
 *
 * What fails leaves its status in the network; nothing is added or computed
 * from then on, and net_run says why. */

#include <omp.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <oneapi/dnnl/dnnl.h>
#include <oneapi/dnnl/dnnl_debug.h>

enum { MOST_ARGS = 9 };

/* A primitive with the memory that it reads and writes. */
struct op {
    dnnl_primitive_t primitive;
    dnnl_exec_arg_t args[MOST_ARGS];
    int count;
};

/* value: what the next layer reads, [n][steps][features], or [n][features]
 * behind the last timestep and where steps is 0. memories: all of them. */
struct net {
    dnnl_engine_t engine;
    dnnl_stream_t stream;
    dnnl_status_t status;
    dnnl_dim_t steps, n, features;
    float *value;
    struct op *ops;
    dnnl_memory_t *memories;
    int op_count, memory_count;
};

static int good(struct net *net, dnnl_status_t status)
{
    if (net->status == dnnl_success)
        net->status = status;
    return net->status == dnnl_success;
}

/* ---- Memory -------------------------------------------------------------- */

static dnnl_memory_desc_t describe(struct net *net, int rank,
                                   const dnnl_dims_t dims,
                                   dnnl_format_tag_t tag)
{
    dnnl_memory_desc_t made = {0};
    good(net, dnnl_memory_desc_init_by_tag(&made, rank, dims, dnnl_f32, tag));
    return made;
}

/* Around data or, where that is NULL, memory of the library. */
static dnnl_memory_t memory(struct net *net, const dnnl_memory_desc_t *desc,
                            void *data)
{
    dnnl_memory_t made = NULL;
    void *where = data ? data : DNNL_MEMORY_ALLOCATE;
    if (good(net, dnnl_memory_create(&made, desc, net->engine, where))) {
        size_t count = (size_t)net->memory_count + 1;
        net->memories = realloc(net->memories, count * sizeof made);
        net->memories[net->memory_count++] = made;
    }
    return made;
}

/* ---- Operations ---------------------------------------------------------- */

static void argument(struct op *op, int arg, dnnl_memory_t memory)
{
    op->args[op->count++] = (dnnl_exec_arg_t){arg, memory};
}

static void execute(struct net *net, const struct op *op)
{
    good(net, dnnl_primitive_execute(op->primitive, net->stream, op->count,
                                     op->args));
}

/* Makes the primitive of what was described, which is used up. */
static void complete(struct net *net, struct op *op, dnnl_primitive_desc_t pd)
{
    good(net, dnnl_primitive_create(&op->primitive, pd));
    dnnl_primitive_desc_destroy(pd);
}

/* The same, and it becomes the network's next layer. */
static void append(struct net *net, struct op *op, dnnl_primitive_desc_t pd,
                   float *y, dnnl_dim_t units)
{
    size_t count = (size_t)net->op_count + 1;
    complete(net, op, pd);
    net->ops = realloc(net->ops, count * sizeof *op);
    net->ops[net->op_count++] = *op;
    net->value = y, net->features = units;
}

/* What a primitive has at one of its places: around data, or of its own. */
static dnnl_memory_t place(struct net *net, struct op *op,
                           const_dnnl_primitive_desc_t pd, int arg, void *data)
{
    dnnl_memory_t made = memory(
        net, dnnl_primitive_desc_query_md(pd, dnnl_query_exec_arg_md, arg),
        data);
    argument(op, arg, made);
    return made;
}

/* Weights, in the format that the primitive chose for them. */
static void weights(struct net *net, struct op *op,
                    const_dnnl_primitive_desc_t pd, int arg,
                    const dnnl_memory_desc_t *plain, float *data)
{
    struct op once = {0};
    dnnl_primitive_desc_t reorder = NULL;
    dnnl_memory_t from = memory(net, plain, data);
    dnnl_memory_t to = place(net, op, pd, arg, NULL);
    const dnnl_memory_desc_t *chosen =
        dnnl_primitive_desc_query_md(pd, dnnl_query_exec_arg_md, arg);
    if (!good(net,
              dnnl_reorder_primitive_desc_create(&reorder, plain, net->engine,
                                                 chosen, net->engine, NULL)))
        return;
    argument(&once, DNNL_ARG_FROM, from);
    argument(&once, DNNL_ARG_TO, to);
    complete(net, &once, reorder);
    execute(net, &once);
    good(net, dnnl_stream_wait(net->stream));
    dnnl_primitive_destroy(once.primitive);
}

/* ---- Recurrences --------------------------------------------------------- */

enum kind { SIMPLE_RNN, LSTM, GRU }; /* the GRU with reset_after */

/* kernel [features][gates][units], recurrent [units][gates][units], bias
 * [gates][units]; gates i f c o and z r h, as Keras has them. A GRU's bias has
 * a fourth row, for the products with h that its reset gate scales.
 *
 * in: states to start with, [n][units], of an LSTM two; NULL: zeros. out: where
 * the last ones go. y: where the outputs of all timesteps go; NULL: out[0] is
 * what the next layer reads. */
struct recurrence {
    int kind;
    dnnl_dim_t units;
    float *kernel, *recurrent, *bias;
    float *in[2], *out[2], *y;
};

/* Of all that a recurrence reads and writes; what it does not have is zero. */
struct shapes {
    dnnl_memory_desc_t x, kernel, recurrent, bias, y, in[2], out[2];
    dnnl_memory_desc_t plain_kernel, plain_recurrent;
};

static struct shapes shapes(struct net *net, const struct recurrence *r)
{
    static const int gates_of[] = {1, 4, 3};
    dnnl_dim_t gates = gates_of[r->kind], units = r->units;
    dnnl_dims_t kernel = {1, 1, net->features, gates, units};
    dnnl_dims_t recurrent = {1, 1, units, gates, units};
    dnnl_dims_t bias = {1, 1, r->kind == GRU ? 4 : gates, units};
    dnnl_dims_t x = {net->steps, net->n, net->features};
    dnnl_dims_t y = {net->steps, net->n, units};
    dnnl_dims_t state = {1, 1, net->n, units};
    /* One sample has both orders; the library knows it by this one. */
    dnnl_format_tag_t by_samples = net->n > 1 ? dnnl_ntc : dnnl_tnc;
    struct shapes s = {
        .x = describe(net, 3, x, by_samples),
        .kernel = describe(net, 5, kernel, dnnl_format_tag_any),
        .recurrent = describe(net, 5, recurrent, dnnl_format_tag_any),
        .plain_kernel = describe(net, 5, kernel, dnnl_ldigo),
        .plain_recurrent = describe(net, 5, recurrent, dnnl_ldigo),
        .bias = describe(net, 4, bias, dnnl_ldgo),
        .y = describe(net, 3, y, by_samples),
    };
    for (int i = 0; i < (r->kind == LSTM ? 2 : 1); i++) {
        if (r->in[i])
            s.in[i] = describe(net, 4, state, dnnl_ldnc);
        if (r->out[0])
            s.out[i] = describe(net, 4, state, dnnl_ldnc);
    }
    return s;
}

static dnnl_status_t recur(dnnl_rnn_desc_t *desc, int kind,
                           const struct shapes *s)
{
    dnnl_prop_kind_t infer = dnnl_forward_inference;
    dnnl_rnn_direction_t onwards = dnnl_unidirectional_left2right;
    if (kind == LSTM)
        return dnnl_lstm_forward_desc_init(
            desc, infer, onwards, &s->x, &s->in[0], &s->in[1], &s->kernel,
            &s->recurrent, &s->bias, &s->y, &s->out[0], &s->out[1],
            dnnl_rnn_flags_undef);
    if (kind == GRU)
        return dnnl_lbr_gru_forward_desc_init(
            desc, infer, onwards, &s->x, &s->in[0], &s->kernel, &s->recurrent,
            &s->bias, &s->y, &s->out[0], dnnl_rnn_flags_undef);
    return dnnl_vanilla_rnn_forward_desc_init(
        desc, infer, dnnl_eltwise_tanh, onwards, &s->x, &s->in[0], &s->kernel,
        &s->recurrent, &s->bias, &s->y, &s->out[0], dnnl_rnn_flags_undef, 0, 0);
}

void net_recurrent(struct net *net, const struct recurrence *r)
{
    static const int in[] = {DNNL_ARG_SRC_ITER, DNNL_ARG_SRC_ITER_C};
    static const int out[] = {DNNL_ARG_DST_ITER, DNNL_ARG_DST_ITER_C};
    struct op op = {0};
    dnnl_rnn_desc_t desc;
    dnnl_primitive_desc_t pd = NULL;
    struct shapes s = shapes(net, r);
    if (!good(net, recur(&desc, r->kind, &s)) ||
        !good(net,
              dnnl_primitive_desc_create(&pd, &desc, NULL, net->engine, NULL)))
        return;
    place(net, &op, pd, DNNL_ARG_SRC_LAYER, net->value);
    weights(net, &op, pd, DNNL_ARG_WEIGHTS_LAYER, &s.plain_kernel, r->kernel);
    weights(net, &op, pd, DNNL_ARG_WEIGHTS_ITER, &s.plain_recurrent,
            r->recurrent);
    weights(net, &op, pd, DNNL_ARG_BIAS, &s.bias, r->bias);
    place(net, &op, pd, DNNL_ARG_DST_LAYER, r->y);
    for (int i = 0; i < 2; i++) {
        if (s.in[i].ndims)
            place(net, &op, pd, in[i], r->in[i]);
        if (s.out[i].ndims)
            place(net, &op, pd, out[i], r->out[i]);
    }
    append(net, &op, pd, r->y ? r->y : r->out[0], r->units);
}

/* ---- Dense --------------------------------------------------------------- */

/* What follows the product, part of its primitive. */
static dnnl_primitive_attr_t followed(struct net *net, int relu)
{
    dnnl_primitive_attr_t attr = NULL;
    dnnl_post_ops_t then = NULL;
    good(net, dnnl_primitive_attr_create(&attr));
    good(net, dnnl_post_ops_create(&then));
    if (relu)
        good(net,
             dnnl_post_ops_append_eltwise(then, 1, dnnl_eltwise_relu, 0, 0));
    good(net, dnnl_primitive_attr_set_post_ops(attr, then));
    dnnl_post_ops_destroy(then);
    return attr;
}

/* Adds a product with kernel [features][units] that writes to y. */
void net_dense(struct net *net, dnnl_dim_t units, float *kernel, float *bias,
               int relu, float *y)
{
    struct op op = {0};
    dnnl_inner_product_desc_t desc;
    dnnl_primitive_desc_t pd = NULL;
    dnnl_dims_t in = {net->n, net->features}, out = {net->n, units};
    dnnl_dims_t weight = {units, net->features};
    dnnl_memory_desc_t x = describe(net, 2, in, dnnl_nc);
    dnnl_memory_desc_t w = describe(net, 2, weight, dnnl_format_tag_any);
    dnnl_memory_desc_t plain = describe(net, 2, weight, dnnl_io);
    dnnl_memory_desc_t b = describe(net, 1, weight, dnnl_x);
    dnnl_memory_desc_t to = describe(net, 2, out, dnnl_nc);
    dnnl_primitive_attr_t attr = followed(net, relu);
    if (good(net, dnnl_inner_product_forward_desc_init(
                      &desc, dnnl_forward_inference, &x, &w, &b, &to)) &&
        good(net,
             dnnl_primitive_desc_create(&pd, &desc, attr, net->engine, NULL))) {
        place(net, &op, pd, DNNL_ARG_SRC, net->value);
        weights(net, &op, pd, DNNL_ARG_WEIGHTS, &plain, kernel);
        weights(net, &op, pd, DNNL_ARG_BIAS, &b, bias);
        place(net, &op, pd, DNNL_ARG_DST, y);
        append(net, &op, pd, y, units);
    }
    dnnl_primitive_attr_destroy(attr);
}

/* ---- Networks ------------------------------------------------------------ */

const char *net_version(void)
{
    static char text[32];
    const dnnl_version_t *v = dnnl_version();
    snprintf(text, sizeof text, "%d.%d.%d", v->major, v->minor, v->patch);
    return text;
}

/* One without layers: x is [n][steps][features], [n][features] without steps.
 * One thread, whatever the environment says. */
struct net *net_open(float *x, dnnl_dim_t n, dnnl_dim_t steps,
                     dnnl_dim_t features)
{
    struct net *net = calloc(1, sizeof *net);
    omp_set_num_threads(1);
    net->steps = steps, net->n = n;
    net->value = x, net->features = features;
    good(net, dnnl_engine_create(&net->engine, dnnl_cpu, 0));
    good(net, dnnl_stream_create(&net->stream, net->engine,
                                 dnnl_stream_default_flags));
    return net;
}

/* NULL, or what went wrong. */
const char *net_run(struct net *net)
{
    for (int i = 0; i < net->op_count && net->status == dnnl_success; i++)
        execute(net, &net->ops[i]);
    good(net, dnnl_stream_wait(net->stream));
    return net->status == dnnl_success ? NULL : dnnl_status2str(net->status);
}

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t); /* of all threads */
    return 1e9 * (double)t.tv_sec + (double)t.tv_nsec;
}

/* ns per run. */
double net_chunk(struct net *net, size_t calls)
{
    double start = now();
    for (size_t i = 0; i < calls; i++)
        net_run(net);
    return (now() - start) / (double)calls;
}

void net_close(struct net *net)
{
    for (int i = 0; i < net->op_count; i++)
        dnnl_primitive_destroy(net->ops[i].primitive);
    for (int i = 0; i < net->memory_count; i++)
        dnnl_memory_destroy(net->memories[i]);
    dnnl_stream_destroy(net->stream);
    dnnl_engine_destroy(net->engine);
    free(net->ops);
    free(net->memories);
    free(net);
}
