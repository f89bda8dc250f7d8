// Builds the models that tfjs_models.py chose.
//
//     node tests/oracle/tfjs_models.js FOLDER    the list of them on stdin
//
// Writes FOLDER/<name>.json, with a sample in it, and its shards. On stdout a
// list as long: what went wrong with each, or null.

const fs = require('fs');
const path = require('path');
const {tf, write, sample, randomize, random, normal, seed} =
    require('../formats/framework_tfjs.js');
const L = tf.layers;

const TOKENS = 7;

class Builder {
  constructor(job) {
    this.inputs = [tf.input({shape: [job.timesteps, job.features],
                             name: 'x'})];
    this.storage = {};
  }

  flat(x) {
    return x.shape.length === 2 ? x : L.flatten().apply(x);
  }

  // The same numbers as [timesteps, features], where a layer asks.
  rows(x, least = 1) {
    const size = x.shape.slice(1).reduce((a, b) => a * b, 1);
    if (x.shape.length !== 3) {
      const count = [4, 3, 2, 1].find(r => size % r === 0);
      x = L.reshape({targetShape: [count, size / count]}).apply(x);
    }
    if (x.shape[1] >= least) return x;
    return L.upSampling2d({size: [least, 1]}).apply(
        L.reshape({targetShape: [...x.shape.slice(1), 1]}).apply(x));
  }

  // Of enough timesteps for pools and kernels.
  long(x) {
    const y = this.rows(x, 4);
    return y.shape.length === 3 ? y
        : L.reshape({targetShape: y.shape.slice(1, 3)}).apply(y);
  }

  recurrent(kind, {first, ...options}, x) {
    x = this.rows(x);
    const layer = L[kind](options);
    let y;
    if (first === 'given') {
      const states = [...Array(kind === 'lstm' ? 2 : 1)].map(
          () => L.dense({units: options.units, activation: 'tanh'})
              .apply(this.flat(x)));
      y = layer.apply(x, {initialState: states});
    } else {
      y = layer.apply(x);
    }
    if (!options.returnState) return y;
    return L.concatenate().apply([this.flat(y[0]), ...y.slice(1)]);
  }

  conv1d({spacing, ...options}, x) {
    if (spacing === 'strides 2') options.strides = 2;
    if (spacing === 'dilation 2') options.dilationRate = 2;
    x = this.long(x);
    const reach = (options.dilationRate || 1) * (options.kernelSize - 1) + 1;
    if (x.shape[1] < reach) x = L.repeatVector({n: reach}).apply(this.flat(x));
    return L.conv1d(options).apply(x);
  }

  // On a plane of 5 x 4, which a convolution of two taps in a row, two apart,
  // leaves something of.
  convolution(kind, {spacing, ...options}, x) {
    if (spacing === 'strides 2') options.strides = 2;
    if (spacing === 'dilation 2') options.dilationRate = [2, 1];
    const y = L.dense({units: 40}).apply(this.flat(x));
    return L[kind](options).apply(
        L.reshape({targetShape: [5, 4, 2]}).apply(y));
  }

  embedding(options, x) {
    const tokens = tf.input({shape: [options.inputLength],
                             name: `tokens${this.inputs.length}`});
    this.inputs.push(tokens);
    return L.concatenate().apply([
      this.flat(x), L.flatten().apply(L.embedding(options).apply(tokens))]);
  }

  plane({layer}, x) {
    const y = L.dense({units: 24}).apply(this.flat(x));
    const options = layer === 'cropping2D' ? {cropping: [[1, 0], [1, 1]]} : {};
    return L[layer](options).apply(
        L.reshape({targetShape: [4, 3, 2]}).apply(y));
  }

  merge({layer}, x) {
    const units = x.shape[x.shape.length - 1];
    const other = L.dense({units, activation: 'tanh'}).apply(x);
    return L[layer]().apply([x, other]);
  }

  bidirectional({over, mergeMode, ...options}, x) {
    return L.bidirectional({layer: L[over](options), mergeMode})
        .apply(this.rows(x));
  }

  timeDistributed({over, units}, x) {
    const layer = {dense: () => L.dense({units}),
                   activation: () => L.activation({activation: 'tanh'}),
                   conv1d: () => L.conv1d({filters: units, kernelSize: 2}),
                   lstm: () => L.lstm({units})}[over]();
    x = this.rows(x);
    if (over === 'conv1d' || over === 'lstm')
      x = L.reshape({targetShape: [x.shape[1], 3, 2]}).apply(
          L.dense({units: 6}).apply(x));
    return L.timeDistributed({layer}).apply(x);
  }

  rnn({cells, units, ...options}, x) {
    const cell = cells.split(' ').map((c, k) => L[c]({units: units + k}));
    return L.rnn({cell: cell.length > 1 ? cell : cell[0], ...options})
        .apply(this.rows(x));
  }

  // Not of rows near 0: it takes their squares for 1e-7 at least.
  dot({axes, normalize}, x) {
    x = L.activation({activation: 'softplus'}).apply(this.rows(x));
    const other = L.dense({units: axes === 1 ? 3 : x.shape[2],
                           activation: 'softplus'}).apply(x);
    return L.dot({axes, normalize}).apply([x, other]);
  }

  call(kind, options, x) {
    if (['simpleRNN', 'lstm', 'gru'].includes(kind))
      return this.recurrent(kind, options, x);
    if (/onv2d/.test(kind)) return this.convolution(kind, options, x);
    switch (kind) {
      case 'storage':
        this.storage = options;
        return x;
      case 'flatten': return this.flat(x);
      case 'reshape':
        return L.reshape({targetShape: x.shape.slice(1).reverse()}).apply(x);
      case 'repeatVector': return L.repeatVector(options).apply(this.flat(x));
      case 'global': return L[options.layer]({}).apply(this.rows(x));
      case 'noise':
        return L[options.layer]({rate: 0.5, stddev: 0.1}).apply(this.rows(x));
      case 'prelu': case 'permute':
        return L[kind](options).apply(this.rows(x));
      case 'maxPooling1d': case 'averagePooling1d':
        return L[kind](options).apply(this.long(x));
      default:
        return kind in Builder.prototype ? this[kind](options, x)
                                         : L[kind](options).apply(x);
    }
  }
}

const DTYPES = {float32: [null], float16: ['float16'], uint8: ['uint8'],
                uint16: ['uint16'],
                mixed: ['uint8', null, 'float16', 'uint16']};

async function make(job, folder) {
  seed(job.seed);
  const builder = new Builder(job);
  let y = builder.inputs[0];
  for (const [kind, options] of job.chain)
    y = builder.call(kind, options, y);
  const model = tf.model({inputs: builder.inputs, outputs: y});
  randomize(model);
  const {dtype, shards} = builder.storage;
  const [loaded, json] = await write(model, folder, job.name, {
    dtypes: DTYPES[dtype], most: shards === 'many' ? 50 : 1e9});
  const own = sample(loaded, job.timesteps,
                     name => name === 'x' ? normal()
                                          : Math.floor(TOKENS * random()));
  json.samples = [own];
  own.outputs = {[model.outputNames[0]]: own.outputs[0]};
  fs.writeFileSync(path.join(folder, job.name + '.json'),
                   JSON.stringify(json));
}

async function main() {
  if (process.argv[2] === '--version') {
    console.log(`TensorFlow.js ${tf.version.tfjs}`);
    return;
  }
  const messages = [];
  for (const job of JSON.parse(fs.readFileSync(0, 'utf8'))) {
    let message = null;
    await make(job, process.argv[2]).catch(e => { message = e.message; });
    messages.push(message);
  }
  console.log(JSON.stringify(messages));
}

main();
