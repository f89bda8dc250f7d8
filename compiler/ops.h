/* ops.h -- every kind of layer. To add one: write ops/<name>.c with its row,
 * templates/<name>.c.lt with its C, tests/layers/<Name>/ with its numbers,
 * and its name here. */
/* clang-format off */
#define OPS(X) \
    X(simple_rnn) X(lstm) X(gru) X(conv1d) \
    X(separable_conv_1d) X(depthwise_conv_1d) X(conv_1d_transpose) \
    X(conv2d) X(separable_conv_2d) X(depthwise_conv_2d) \
    X(conv_2d_transpose) X(dense) X(embedding) \
    X(activation) X(relu) X(leaky_relu) X(elu) X(softmax) X(prelu) X(glu) \
    X(rescaling) X(batch_normalization) X(normalization) \
    X(layer_normalization) X(group_normalization) X(rms_normalization) \
    X(unit_normalization) X(dropout) X(spatial_dropout_1d) \
    X(spatial_dropout_2d) X(alpha_dropout) X(gaussian_dropout) \
    X(gaussian_noise) X(identity) X(activity_regularization) \
    X(masking) X(mask) X(apply_mask) X(bidirectional) \
    X(time_distributed) \
    X(reverse) X(flatten) X(reshape) X(concatenate) X(add) X(subtract) \
    X(multiply) X(divide) X(average) X(maximum) X(minimum) X(zero_padding_1d) \
    X(zero_padding_2d) X(cropping_1d) X(cropping_2d) X(up_sampling_1d) \
    X(up_sampling_2d) X(repeat_vector) X(permute) X(slice) \
    X(expand_dims) X(squeeze) \
    X(max_pooling_1d) X(average_pooling_1d) X(global_max_pooling_1d) \
    X(global_average_pooling_1d) X(max_pooling_2d) X(average_pooling_2d) \
    X(global_max_pooling_2d) X(global_average_pooling_2d) \
    X(reduce_mean) X(reduce_sum) X(reduce_max) X(reduce_min) X(dot) \
    X(attention) X(additive_attention) X(multi_head_attention) \
    X(attention_part) X(constant)
/* clang-format on */
