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
      store = model.prefix .. "_store_" .. kind,
      apply = function(activation, x)
        if activation.linear then return x end
        local param = activation.param ~= "" and ", " .. activation.param or ""
        return helpers.use(activation.runtime .. "_" .. kind) .. "(" .. x .. param .. ")"
      end,
    }
  end

  -- The same of a layer in tiles; several rows of units, as one, may be more.
  function helpers.lanes(L, rows) return helpers.abreast(L.tiles.units * (rows or 1)) end

  -- For var in 0..n-1, in loops over lanes where the code has loops: several(v)
  -- for as many as those take, v from abreast; one(var) for the rest, or for all.
  function helpers.each_abreast(var, n, several, one)
    local loops = several and not helpers.model.unroll and not helpers.in_lanes()
    local whole = loops and math.type(n) and n - n % 8 or 0
    if whole == 0 then return helpers.each(var, n, one) end
    local v = helpers.abreast(whole)
    put(("%s (size_t %s = 0; %s < %d; %s += %s)"):format(v.loop, var, var, whole, var, v.count))
    helpers.indented(function() several(v) end)
    if whole == n then return end
    put(("for (size_t %s = %d; %s < %d; %s++)"):format(var, whole, var, n, var))
    helpers.indented(function() one(var) end)
  end

  -- Element i of an array, which may be an expression.
  function helpers.item(x, i)
    return (x:find(" ", 1, true) and "(" .. x .. ")" or x) .. "[" .. helpers.value_text(i) .. "]"
  end
end
