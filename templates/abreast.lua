-- abreast.lua -- how templates spell loops over several numbers at once: in
-- lanes, of which the C compiler's target says how many.

return function(helpers)
  -- How C spells several numbers at once, of n: their type and number, and
  -- functions of them. A multiple of 8 that is none of 16 is read as eights.
  function helpers.abreast(n)
    local kind = n % 16 == 0 and "lanes" or "eight"
    local model = helpers.model
    helpers.use("abreast")
    return {
      type = helpers.use(kind),
      count = model.upper .. "_" .. kind:upper(),
      loop = ("%s_ABREAST(%d) for"):format(model.upper, kind == "lanes" and 16 or 8),
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

  -- How many of n numbers loops over lanes take; the rest is left to others.
  function helpers.in_loops(n)
    if helpers.model.unroll or helpers.in_lanes() or not math.type(n) then return 0 end
    return n - n % 8
  end
end
