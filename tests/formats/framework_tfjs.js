// Makes tfjs/*.json with their shards: small seeded models of TensorFlow.js,
// with its own predictions beside them.
//
//     npm install --prefix /tmp/tfjs @tensorflow/tfjs
//     NODE_PATH=/tmp/tfjs/node_modules node tests/formats/framework_tfjs.js
//
// Run by hand; the files are committed. tests/oracle/tfjs_models.js makes
// random models with save() of this file.

const fs = require('fs');
const path = require('path');
const tf = require('@tensorflow/tfjs');
const L = tf.layers;

let state = 7;
function random() { // xorshift: the same numbers everywhere
  state ^= state << 13;
  state ^= state >>> 17;
  state ^= state << 5;
  return (state >>> 0) / 4294967296;
}

function normal() {
  return Math.sqrt(-2 * Math.log(1 - random())) *
      Math.cos(2 * Math.PI * random());
}

function tensor(shape, make) {
  const count = shape.reduce((a, b) => a * b, 1);
  return tf.tensor(Float32Array.from({length: count}, make), shape);
}

// Matrices around 0; vectors positive, for variances are among them.
function randomize(model) {
  model.setWeights(model.getWeights().map(w => tensor(
      w.shape, () => w.rank > 1 ? 0.5 * normal()
                                : 0.4 * Math.abs(normal()) + 0.1)));
}

async function artifacts(model) {
  let kept;
  await model.save(tf.io.withSaveHandler(async a => {
    kept = a;
    return {modelArtifactsInfo: {dateSaved: new Date(0)}};
  }));
  return kept;
}

// The weights of `spec` stored as the converter's --quantize_* do it.
function quantize(spec, values, dtype) {
  if (dtype === 'float16') {
    spec.quantization = {dtype, original_dtype: 'float32'};
    return Buffer.from(Uint16Array.from(values, half).buffer);
  }
  const levels = dtype === 'uint8' ? 255 : 65535;
  const min = Math.min(...values), max = Math.max(...values);
  const scale = (max - min) / levels || 1;
  spec.quantization = {min, scale, dtype, original_dtype: 'float32'};
  const kind = dtype === 'uint8' ? Uint8Array : Uint16Array;
  return Buffer.from(
      kind.from(values, v => Math.round((v - min) / scale)).buffer);
}

// Bits of the float16 below |value|, which has to be normal there.
function half(value) {
  const bits = new Uint32Array(Float32Array.of(value).buffer)[0];
  const exponent = ((bits >>> 23) & 255) - 112;
  if (exponent < 1 || exponent > 30) return 0;
  return (bits >>> 16) & 0x8000 | exponent << 10 | (bits >>> 13) & 0x3ff;
}

// Writes folder/name.json and its shards of at most `most` bytes; dtypes: how
// weights are stored, one after the other. Returns the model as it is loaded
// from there, and the JSON.
async function write(model, folder, name, {dtypes = [null], most = 1e9} = {}) {
  const own = await artifacts(model);
  const parts = [];
  let at = 0;
  own.weightSpecs.forEach((spec, k) => {
    const count = spec.shape.reduce((a, b) => a * b, 1);
    const bytes = own.weightData.slice(at, at + 4 * count);
    const dtype = dtypes[k % dtypes.length];
    at += 4 * count;
    parts.push(dtype ? quantize(spec, new Float32Array(bytes), dtype)
                     : Buffer.from(bytes));
  });
  const data = Buffer.concat(parts);
  const shards = Math.max(1, Math.ceil(data.length / most)), paths = [];
  for (let k = 0; k < shards; k++) {
    paths.push(`${name}-shard${k + 1}of${shards}.bin`);
    fs.writeFileSync(path.join(folder, paths[k]),
                     data.subarray(k * most, (k + 1) * most));
  }
  const json = {
    format: own.format, generatedBy: own.generatedBy,
    convertedBy: own.convertedBy, modelTopology: own.modelTopology,
    weightsManifest: [{paths, weights: own.weightSpecs}],
  };
  const loaded = await tf.loadLayersModel(tf.io.fromMemory({
    modelTopology: own.modelTopology, weightSpecs: own.weightSpecs,
    weightData: new Uint8Array(data).buffer}));
  return [loaded, json];
}

// The model's inputs by name; its outputs in a list.
function sample(model, timesteps = 4, make = normal) {
  const x = model.inputs.map(
      i => tensor([1, ...i.shape.slice(1).map(d => d || timesteps)],
                  () => make(i.name)));
  let y = model.predict(x.length > 1 ? x : x[0]);
  y = Array.isArray(y) ? y : [y];
  const names = model instanceof tf.Sequential ? ['x'] : model.inputNames;
  return {inputs: Object.fromEntries(
              x.map((v, k) => [names[k], v.arraySync()[0]])),
          outputs: y.map(v => v.arraySync()[0]), atol: 1e-6,
          note: `TensorFlow.js ${tf.version.tfjs}, float32`};
}

async function save(model, name, options = {}) {
  const folder = path.join(__dirname, 'tfjs');
  fs.mkdirSync(folder, {recursive: true});
  randomize(model);
  const [loaded, json] = await write(model, folder, name, options);
  const stem = path.join(folder, name);
  fs.writeFileSync(stem + '.json', JSON.stringify(json) + '\n');
  fs.writeFileSync(stem + '.samples', JSON.stringify(
      [sample(loaded, 4, options.input)]) + '\n');
}

// Two inputs, two outputs, a shared layer, a model inside.
function functional() {
  const a = tf.input({shape: [6, 3], name: 'signal'});
  const b = tf.input({shape: [4], name: 'knobs'});
  const shared = L.dense({units: 4, activation: 'tanh', name: 'shared'});
  const inner = tf.sequential({name: 'inner', layers: [
    L.dense({units: 3, inputShape: [8], name: 'first', activation: 'gelu'}),
    L.activation({activation: 'softplus'})]});
  const h = shared.apply(L.lstm({units: 4, name: 'rec'}).apply(a));
  const k = shared.apply(b);
  const joined = L.concatenate().apply([L.add().apply([h, k]), b]);
  return tf.model({inputs: [a, b], outputs: [
    inner.apply(joined), L.multiply().apply([h, k])]});
}

async function main() {
  const list = layers => tf.sequential({layers});
  await save(list([
    L.lstm({units: 4, inputShape: [6, 3], returnSequences: true}),
    L.gru({units: 3, recurrentActivation: 'sigmoid'}),
    L.dense({units: 2, activation: 'softmax'})]), 'gates', {most: 300});
  await save(list([
    L.bidirectional({layer: L.lstm({units: 3, returnSequences: true}),
                     mergeMode: 'concat', inputShape: [6, 2]}),
    L.bidirectional({layer: L.gru({units: 2, returnSequences: true}),
                     mergeMode: 'ave'}),
    L.timeDistributed({layer: L.dense({units: 3, activation: 'elu'})}),
    L.simpleRNN({units: 2, goBackwards: true, useBias: false})]), 'both');
  await save(list([
    L.conv1d({filters: 4, kernelSize: 3, padding: 'same', dilationRate: 2,
              activation: 'relu', inputShape: [7, 2]}),
    L.batchNormalization({epsilon: 0.01}), L.leakyReLU({alpha: 0.1}),
    L.prelu({sharedAxes: [1]}), L.layerNormalization(), L.elu(),
    L.maxPooling1d({poolSize: 2}), L.reLU({maxValue: 2}), L.flatten(),
    L.dense({units: 3, activation: 'hardSigmoid'})]), 'convolution');
  await save(functional(), 'functional');
  await save(list([
    L.gru({units: 5, inputShape: [6, 2], returnSequences: true}),
    L.dense({units: 4, activation: 'tanh'}), L.dense({units: 3}),
    L.dense({units: 2})]), 'quantized',
             {dtypes: ['uint8', 'uint16', 'float16', null], most: 250});
  await save(list([
    L.embedding({inputDim: 6, outputDim: 3, inputLength: 5}),
    L.globalAveragePooling1d({}), L.dense({units: 2, activation: 'selu'})]),
             'words', {input: () => Math.floor(6 * random())});
  await save(list([
    L.conv2d({filters: 3, kernelSize: [3, 2], padding: 'same', strides: [1, 2],
              inputShape: [5, 6, 2]}),
    L.conv2dTranspose({filters: 2, kernelSize: 3, strides: 2,
                       padding: 'same', activation: 'relu'}),
    L.depthwiseConv2d({kernelSize: 2, depthMultiplier: 2, useBias: false}),
    L.separableConv2d({filters: 3, kernelSize: 3, strides: 2,
                       activation: 'tanh'})]), 'planes');
  await save(list([
    L.rnn({cell: L.lstmCell({units: 3}), returnSequences: true,
           inputShape: [5, 2]}),
    L.rnn({cell: [L.gruCell({units: 2}), L.simpleRNNCell({units: 3})],
           goBackwards: true}), L.dense({units: 2})]), 'cells');
  // Recurrences read masks, the mean over timesteps takes all of them.
  const gated = {units: 3, recurrentActivation: 'sigmoid'};
  await save(list([
    L.masking({maskValue: 0, inputShape: [6, 1]}),
    L.lstm({...gated, returnSequences: true}),
    L.dense({units: 3, activation: 'tanh'}),
    L.bidirectional({layer: L.gru({...gated, returnSequences: true}),
                     mergeMode: 'concat'}),
    L.globalAveragePooling1d({}), L.dense({units: 2})]),
             'masked', {input: () => random() < 0.4 ? 0 : normal()});
  await save(list([
    L.embedding({inputDim: 4, outputDim: 3, inputLength: 8, maskZero: true}),
    L.dropout({rate: 0.5}), L.gru({...gated, goBackwards: true}),
    L.dense({units: 2})]),
             'masked_words', {input: () => Math.floor(4 * random())});
}

module.exports = {tf, write, sample, randomize, random, normal,
                  seed: s => { state = s; }};
if (require.main === module) main();
