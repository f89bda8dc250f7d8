-- abreast.lua -- how templates spell loops over several numbers at once: in
-- lanes, of which the C compiler's target says how many.

return function(helpers, put)
  -- How C spells several numbers at once, of n: their type and number, and
  -- functions of them. A multiple of 8 that is none of 16 is read as eights.
  function helpers.abreast(n)
    local kind = n % 16 == 0 and "lanes" or "eight"
    local width = kind == "lanes" and 16 or 8
    local model = helpers.model
    helpers.use("abreast")
    return {
      type = helpers.use(kind),
      count = model.upper .. "_" .. kind:upper(),
      loop = ("%s_%s(%d) for"):format(model.upper, n // width <= 3 and "FEW" or "ABREAST", width),
      load = model.prefix .. "_load_" .. kind,
      at = function(x, i) -- of sums, which are stored in sixteens
        if kind == "eight" then return ("%s_load_half(%s, %s)"):format(model.prefix, x, i) end
        return ("%s_load_lanes(%s + %s)"):format(model.prefix, x, i)
      end,
      store = model.prefix .. "_store_" .. kind,
      spread = function(x) return model.prefix .. "_spread_" .. kind .. "(" .. x .. ")" end,
      call = function(name, ...)
        return helpers.use(name .. "_" .. kind) .. "(" .. table.concat({ ... }, ", ") .. ")"
      end,
      apply = function(activation, x)
        if activation.linear then return x end
        local param = activation.param ~= "" and ", " .. activation.param or ""
        return helpers.use(activation.runtime .. "_" .. kind) .. "(" .. x .. param .. ")"
      end,
    }
  end

  -- The same of a layer in tiles; several rows of units, as one, may be more.
  function helpers.lanes(L, rows) return helpers.abreast(L.tiles.units * (rows or 1)) end

  -- What sums of samples take at once of a layer of one gate (sum_samples.c.lt).
  function helpers.one_gate(L) return L.tiles.units % 16 == 0 and 1 or "half" end

  -- The units of a tile that loops take: those that are used, or all.
  function helpers.used(L)
    local T = L.tiles
    if T.used == T.units then return T.units end
    helpers.use("abreast")
    return ("%s_USED(%d, %d)"):format(helpers.model.upper, T.used, T.units)
  end

  -- The first where there are vectors, else the second.
  function helpers.either(vectors, alone)
    helpers.use("either")
    return ("%s_EITHER(%s, %s)"):format(helpers.model.upper, vectors, alone)
  end

  -- The loop over two gates side by side, v from lanes(L, 2); alone, over the
  -- units that are used.
  function helpers.both_gates(L, v)
    local N, n = L.tiles.units, L.tiles.used
    local step = v.count
    if L.tiles.gates_apart then
      step = helpers.either(step, ("u %% %d < %d ? 1 : %d"):format(N, n - 1, N - n + 1))
    end
    return ("%s (size_t u = 0; u < %d; u += %s)"):format(v.loop, 2 * N, step)
  end

  -- The loop over the used units of a tile, body(v) with v.head before it. Where
  -- those are sixteens and eight, two: sixteen lanes are twice as fast.
  function helpers.each_lanes(L, body)
    local n, all = L.tiles.units, helpers.used(L)
    local whole, upper = n - n % 16, helpers.model.upper
    local v, from = helpers.lanes(L), "0"
    if whole > 0 and whole < n then
      local first = helpers.abreast(whole)
      from = ("%s_SIXTEENS(%d)"):format(upper, whole)
      v.loop = upper .. "_FEW(8) for" -- one eight, which gcc would unroll
      first.head = ("%s_ABREAST(16) for (size_t u = 0; u + %s <= %s; u += %s)"):format(
        upper, first.count, from, first.count)
      body(first)
    end
    v.head = ("%s (size_t u = %s; u < %s; u += %s)"):format(v.loop, from, all, v.count)
    body(v)
  end

  -- What body() writes as the body of a loop.
  local function looped(head, body)
    local text = helpers.capture(body)
    local block = text:find("\n.") ~= nil
    put(head .. (block and " {" or ""))
    helpers.indented(function()
      for line in text:gmatch("([^\n]*)\n") do put(line) end
    end)
    if block then put("}") end
  end

  -- Whether loops over n numbers take several at once.
  function helpers.takes_lanes(n)
    return not helpers.model.unroll and not helpers.in_lanes() and math.type(n) and n >= 8
  end

  -- For var in 0..n-1, in loops over lanes where the code has loops: several(v)
  -- for as many as those take, v from abreast; one(var) for the rest, or for all.
  function helpers.each_abreast(var, n, several, one)
    local whole = several and helpers.takes_lanes(n) and n - n % 8 or 0
    if whole == 0 then return helpers.each(var, n, one) end
    local v = helpers.abreast(whole)
    local to = ("%d"):format(whole)
    if whole <= 64 then to = ("%s_VEIL(%d)"):format(helpers.model.upper, whole) end
    looped(("%s (size_t %s = 0; %s < %s; %s += %s)"):format(v.loop, var, var, to, var, v.count),
           function() several(v) end)
    if whole == n then return end
    looped(("for (size_t %s = %d; %s < %d; %s++)"):format(var, whole, var, n, var),
           function() one(var) end)
  end

  -- One number, as over() says several.
  function helpers.single()
    return {
      type = helpers.model.real, apply = helpers.activate,
      spread = function(x) return x end,
      call = function(name, ...) return helpers.use(name) .. "(" .. table.concat({ ... }, ", ") .. ")" end,
    }
  end

  -- The same of what is spelled alike for one number and for several: body(v),
  -- where v has
  --   type; get(x, from): x[from + var]; set(y, from, value): a statement;
  --   spread(x): x, or x in every lane; call(function, numbers...);
  --   apply(activation, number)
  function helpers.over(var, n, body)
    local function sum(from, i)
      from = tonumber(from) or from -- what stands in a text
      if math.type(from) and math.type(i) then return ("%d"):format(from + i) end
      return from == 0 and i or i == 0 and from or helpers.value_text(from) .. " + " .. i
    end
    helpers.each_abreast(var, n, function(v)
      local function place(x, from) return x .. " + " .. sum(from, var) end
      body({
        type = v.type, spread = v.spread, call = v.call, apply = v.apply,
        get = function(x, from) return v.load .. "(" .. place(x, from) .. ")" end,
        set = function(y, from, value) return v.store .. "(" .. place(y, from) .. ", " .. value .. ");" end,
      })
    end, function(i)
      local v = helpers.single()
      v.get = function(x, from) return helpers.item(x, sum(from, i)) end
      v.set = function(y, from, value) return v.get(y, from) .. " = " .. value .. ";" end
      body(v)
    end)
  end

  -- Before a loop that compilers have to unroll.
  function helpers.unroll_text()
    helpers.use("unroll")
    return helpers.model.upper .. "_UNROLL "
  end

  -- Element i of an array, which may stand within another: "x + k * n".
  function helpers.item(x, i)
    local array, before = x:match("^([%w_>-]+) %+ (.+)$")
    if not array then array, before = x, 0 end
    if before ~= 0 and i == 0 then return array .. "[" .. before .. "]" end
    return array .. "[" .. (before ~= 0 and before .. " + " or "") .. helpers.value_text(i) .. "]"
  end
end
