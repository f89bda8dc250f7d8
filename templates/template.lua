-- template.lua -- C with holes.
--
--   % for i = 1, n do            a line whose first character is % is Lua
--   y[${i}] = ${bias};           ${expr} is replaced by the value of expr
--   % end                        everything else is C, copied as it is
--
-- Rules that keep the output trustworthy:
--   * ${nil} is an error; so is reading a name that does not exist.
--   * ${} accepts strings and integers. A float has no spelling here: the
--     compiler hands over text, so no number is formatted by accident.
--   * A placeholder alone on its line indents every line of its value; an
--     empty value removes the line.
--   * Template line N is chunk line N: Lua's own messages are right.
--
-- What a template sees: the plan's table as `model`, its own parameters, and
-- the helpers at the end of this file. Not _G: no pairs, no io, no load.

local load, setmetatable, select = load, setmetatable, select
local append, asset = append, asset

local sink = append   -- where finished text goes; capture() changes it
local indent = ""     -- of the loops that each() has opened
local unroll = false  -- each() spells loops out
local helpers = {}
local in_lanes = false -- layers are spelled with lanes for numbers

-- Splits "a ${x} b" into alternating text and expressions.
local function split(line, where)
  local parts, pos = {}, 1
  for from, expr, to in line:gmatch("()%$(%b{})()") do
    parts[#parts + 1] = line:sub(pos, from - 1)
    parts[#parts + 1] = expr:sub(2, -2)
    pos = to
  end
  parts[#parts + 1] = line:sub(pos)
  for i = 1, #parts, 2 do
    if parts[i]:find("${", 1, true) then
      error(where .. ": unclosed ${", 0)
    end
  end
  return parts
end

-- One template line -> one line of Lua.
local function translate(line, where)
  local lua = line:match("^%s*%%(.*)$")
  if lua then return lua end

  local parts = split(line, where)
  if #parts == 3 and parts[1]:match("^%s*$") and parts[3] == "" then
    return ("_block(%q, _value(%s))"):format(parts[1], parts[2])
  end
  local args = {}
  for i, part in ipairs(parts) do
    args[i] = i % 2 == 1 and ("%q"):format(part) or ("_value(%s)"):format(part)
  end
  return "_line(" .. table.concat(args, ", ") .. ")"
end

local function value(v)
  local kind = math.type(v) or type(v)
  if kind == "string" then return v end
  if kind == "integer" then return ("%d"):format(v) end
  error("${} got a " .. kind, 2)
end

local function put(text)
  local flush = text == "" or text:byte() == 35 -- #if and the like
  sink((flush and "" or indent) .. text .. "\n")
end

local function block(margin, v)
  if v == "" then return end
  for line in (v:gsub("\n$", "") .. "\n"):gmatch("([^\n]*)\n") do
    put(line ~= "" and margin .. line or "")
  end
end

local compiled = {} -- functions of the names that a template sees

local function compile(name)
  local path, chunk, n = "templates/" .. name, {}, 0
  for line in asset(path):gmatch("([^\n]*)\n") do
    n = n + 1
    chunk[n] = translate(line, path .. ":" .. n)
  end
  local text = "local _ENV = ...; " .. table.concat(chunk, "\n")
  local fn, err = load(text, "=templates/" .. name, "t", {})
  if not fn then error(err, 0) end
  compiled[name] = fn
end

-- Renders a template with the names in vars; returns nothing.
local function render(name, vars)
  if not compiled[name] then compile(name) end
  local env = {
    _value = value,
    _line = function(...) put(table.concat({...})) end,
    _block = block,
  }
  setmetatable(env, { __index = function(_, key)
    local v = vars[key]
    if v == nil then v = helpers[key] end
    if v == nil then error("undefined name '" .. key .. "'", 2) end
    return v
  end })
  compiled[name](env)
end

---- Helpers ------------------------------------------------------------------

-- Whether an index is a number, in a loop that is spelled out.
function helpers.math_integer(v) return math.type(v) == "integer" end

helpers.value_text = value
helpers.ipairs, helpers.string, helpers.table = ipairs, string, table
helpers.uses = uses
function helpers.use(name) -- gemv has a twin, too
  return use(in_lanes and name:find("^gemv") and name .. "_lanes" or name)
end
helpers.weights = weights
helpers.runtime_text, helpers.runtime_includes = runtime_text, runtime_includes
helpers.runtime_figures = runtime_figures

-- Renders another template in place.
function helpers.include(name, vars)
  vars.model = vars.model or helpers.model
  render(name, vars)
end

-- The text that fn writes, instead of writing it.
function helpers.capture(fn)
  local pieces, outer, margin = {}, sink, indent
  sink = function(text) pieces[#pieces + 1] = text end
  indent = ""
  fn()
  sink, indent = outer, margin
  return table.concat(pieces)
end

-- What body() writes, one level deeper.
function helpers.indented(body)
  indent = indent .. "    "
  body()
  indent = indent:sub(5)
end

-- for var in 0..count-1: body(var), as a C loop, with text before it, if any.
function helpers.loop(var, count, body, before)
  local head = "%sfor (size_t %s = 0; %s < %s; %s++) {"
  put(head:format(before or "", var, var, value(count), var))
  helpers.indented(function() body(var) end)
  put("}")
end

-- The same, or, when the plan says unrolled, its turns one after the other
-- with numbers for the variable.
function helpers.each(var, count, body, before)
  if count ~= 1 and not (unroll and math.type(count)) then
    helpers.loop(var, count, body, before)
  else
    for i = 0, count - 1 do body(i) end
  end
end

-- What body() writes, spelled out whatever the plan says.
function helpers.in_lines(body)
  local was = unroll
  unroll, helpers.model.unroll = true, true
  body()
  unroll, helpers.model.unroll = was, was
end

-- The index of element j in row i of rows of n: "i * n + j".
function helpers.at(i, n, j)
  if i == 0 then return value(j) end
  local row = n == 1 and value(i) or value(i) .. " * " .. value(n)
  return j == 0 and row or row .. " + " .. value(j)
end

-- The same, to go on with: a number, or an expression that a factor may follow.
function helpers.flat(i, n, j)
  if math.type(i) and math.type(j) then return i * n + j end
  local text
  if math.type(i) then
    text = i == 0 and j or ("%d + %s"):format(i * n, j)
  else
    text = n == 1 and i or (i:find(" ") and "(%s) * %d" or "%s * %d"):format(i, n)
    if j ~= 0 then text = text .. " + " .. value(j) end
  end
  return text:find(" ") and "(" .. text .. ")" or text
end

-- i * n, a number where i is one.
function helpers.times(i, n)
  return math.type(i) and i * n or helpers.at(i, n, 0)
end

-- n as a constant of the numbers that the model calculates with.
function helpers.number(n)
  return (helpers.model.one == "1.0" and "%d.0" or "%d.0f"):format(n)
end

-- A pointer to row i of rows of n: "x + i * n".
function helpers.row(x, i, n)
  if i == 0 then return x end
  return x .. " + " .. helpers.at(i, n, 0)
end

-- Whether masks, or keys that come later, lower the scores of an attention layer.
function helpers.masked_scores(L)
  return L.masked or (L.query_masked and L.num_heads ~= nil)
end

-- How many keys count for row t of an attention layer: all, or the first t + 1.
function helpers.reach(L, t)
  if not L.use_causal_mask or helpers.masked_scores(L) then return L.keys end
  if math.type(t) then return t + 1 < L.keys and t + 1 or L.keys end
  if L.timesteps <= L.keys then return t .. " + 1" end
  return ("(%s < %d ? %s + 1 : %d)"):format(t, L.keys, t, L.keys)
end

-- The activation of expression x, as a C expression.
function helpers.activate(activation, x)
  if activation.linear then return x end
  local param = activation.param ~= "" and ", " .. activation.param or ""
  local name = activation.runtime .. (in_lanes and "_lanes" or "")
  return use(name) .. "(" .. x .. param .. ")"
end

-- What body() writes, with lanes for numbers: every lane another sample.
function helpers.with_lanes(body)
  local model, real = helpers.model, helpers.model.real
  in_lanes, model.real = true, use("lanes")
  body()
  in_lanes, model.real = false, real
end

function helpers.in_lanes() return in_lanes end

-- Of a layer's function: clang would copy a short one to each of many calls.
function helpers.linkage(L)
  local apart = L.called
  if in_lanes then apart = helpers.model.batch_apart end
  if apart then use("lanes") end
  return apart and helpers.model.upper .. "_APART" or "static"
end

-- A number as what layers calculate with.
function helpers.spread(x)
  return in_lanes and helpers.model.prefix .. "_spread_lanes(" .. x .. ")" or x
end

-- A function's name, and a layer with it.
function helpers.named(name) return in_lanes and name .. "_lanes" or name end
function helpers.renamed(L)
  return setmetatable({ ident = helpers.named(L.ident) }, { __index = L })
end

-- A layer whose sums are spelled out for samples. It always has a tile: all of the
-- kernel as Keras has it is one, too.
function helpers.spelled(L)
  local all = { units = L.units, count = 1, width = L.gates * L.units }
  return setmetatable({ ident = helpers.named(L.ident), spelled = true, tiles = L.tiles or all }, { __index = L })
end

-- Where tap i of window o is along an axis, a number or a sum:
--   o step + i spacing - before (compiler/ops/window.h)
function helpers.tap_place(L, axis, o, i)
  local terms, known = {}, -L["before_" .. axis]
  for _, t in ipairs { { o, L["step_" .. axis] }, { i, L["spacing_" .. axis] } } do
    if math.type(t[1]) then known = known + t[1] * t[2]
    else terms[#terms + 1] = t[2] == 1 and t[1] or t[1] .. " * " .. t[2] end
  end
  local sum = table.concat(terms, " + ")
  if #terms == 0 or known == 0 then return #terms == 0 and known or sum end
  return ("%s %s %d"):format(sum, known < 0 and "-" or "+", math.abs(known))
end

-- A layer as predict_batch calls it for several samples.
function helpers.of_some(L)
  return setmetatable({ ident = L.ident .. "_some", some = true }, { __index = L })
end

function helpers.pad(text, width) -- a column of a comment's table
  return text .. (" "):rep(width - #text)
end

function helpers.padleft(text, width)
  text = value(text)
  return (" "):rep(width - #text) .. text
end

for _, name in ipairs { "templates/stored.lua", "templates/abreast.lua", "templates/axes.lua" } do
  load(asset(name), "=" .. name, "t")()(helpers, put)
end

---- Interface ----------------------------------------------------------------

-- What stands between the parentheses of a public function.
local function parameters(model, kind)
  local list = {}
  local timesteps = "size_t timesteps"
  if kind == "step" or kind == "process" then
    list[1] = model.prefix .. "_state *s"
  end
  for _, port in ipairs(model.inputs) do
    list[#list + 1] = "const " .. port.type .. " *" .. port.ident
  end
  if model.any_timesteps and kind:find("^predict") then
    list[#list + 1] = timesteps
  end
  for _, port in ipairs(model.outputs) do
    list[#list + 1] = model.real .. " *" .. port.ident
  end
  if kind == "process" then list[#list + 1] = timesteps end
  if kind == "predict_batch" then list[#list + 1] = "size_t n" end
  return list
end

-- What stands before predict's definition where predict_batch has lanes of its
-- own and needs no copy.
function helpers.called()
  local model = helpers.model
  return model.samples_in_lanes and model.upper .. "_CALLED\n" or ""
end

-- The declaration of a public function up to its ")" and then `tail`; broken
-- over lines where it is long.
function helpers.prototype(kind, tail)
  local model = helpers.model
  local head = ("%s_API void %s_%s("):format(model.upper, model.prefix, kind)
  local lines, line = {}, head
  for i, item in ipairs(parameters(model, kind)) do
    if i > 1 then line = line .. "," end
    if #line + #item > 76 and #line > 4 then
      lines[#lines + 1], line = line, "    " .. item
    else
      line = line .. (i > 1 and " " or "") .. item
    end
  end
  lines[#lines + 1] = line .. ")" .. tail
  return table.concat(lines, "\n")
end

return function(name, model)
  helpers.model, unroll, sink, indent = model, model.unroll, append, ""
  render(name, { model = model })
end
