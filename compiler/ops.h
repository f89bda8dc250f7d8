/* ops.h -- every kind of layer. To add one: write ops/<name>.c with its row,
 * templates/<name>.c.lt with its C, tests/layers/<Name>/ with its numbers,
 * and its name here. */
#define OPS(X)                                                                 \
    X(simple_rnn)                                                              \
    X(lstm)                                                                    \
    X(gru)                                                                     \
    X(conv1d)                                                                  \
    X(dense)                                                                   \
    X(activation)                                                              \
    X(relu)                                                                    \
    X(leaky_relu)                                                              \
    X(elu)                                                                     \
    X(softmax)                                                                 \
    X(prelu)                                                                   \
    X(batch_normalization) X(layer_normalization) X(dropout) X(bidirectional)  \
        X(time_distributed) X(reverse) X(flatten) X(reshape) X(concatenate)    \
            X(add) X(subtract) X(multiply) X(average) X(maximum) X(minimum)    \
                X(rescaling)
