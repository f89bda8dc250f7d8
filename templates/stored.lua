-- stored.lua -- how templates read weights that --weights stores in less than a
-- float. The plan says which: L.kernel_narrow beside L.kernel, L.kernel_scale
-- where each column has a factor.

return function(helpers)
  local row = helpers.row

  -- The runtime function "product", or the one for how the weight is stored.
  function helpers.reader(name, L, weight)
    return helpers.use(L[weight .. "_narrow"] and name .. "_narrow" or name)
  end

  -- Its argument: tile b of a weight, from a column on; then that of the scales.
  function helpers.tile_of(L, weight, b, from)
    local width, scale = L.tiles.width, L[weight .. "_scale"]
    local text = row(row(L[weight], b, L[weight .. "_rows"] * width), from, 1)
    if not L[weight .. "_narrow"] then return text end
    return text .. ", " .. (scale and row(row(scale, b, width), from, 1) or "NULL")
  end

  -- How many of h the straight lines of a layer sum apart.
  function helpers.apart(L)
    return helpers.in_lanes() and L.apart_in_lanes or L.apart
  end

  -- A term of affine.c.lt, with how its kernel is stored.
  function helpers.term(L, weight, t)
    t.kernel = t.kernel or L[weight]
    t.narrow, t.scale = L[weight .. "_narrow"], L[weight .. "_scale"]
    t.zeros = L[weight .. "_zeros"]
    t.apart = weight == "recurrent_kernel" and helpers.apart(L) or 0
    return t
  end

  -- One number, in some column.
  function helpers.weight(L, weight, index, column)
    local text = L[weight] .. "[" .. helpers.value_text(index) .. "]"
    if not L[weight .. "_narrow"] then return text end
    return helpers.use("widen") .. "(" .. text .. ")" .. helpers.scaled(L, weight, column)
  end

  -- What a sum of one column is multiplied by.
  function helpers.scaled(L, weight, column)
    local scale = L[weight .. "_scale"]
    if not (scale and L[weight .. "_narrow"]) then return "" end
    return " * " .. scale .. "[" .. helpers.value_text(column) .. "]"
  end
end
