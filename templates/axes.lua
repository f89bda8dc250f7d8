-- axes.lua -- how templates spell loops over the axes of a tensor that a layer
-- works along, and over the others; compiler/ops/axes.h says which are which.

return function(helpers)
  -- Loops over the axes that a layer works along (kind 1) or the others (kind 0),
  -- as compiler/ops/axes.h has them in layer L: body(index), for element() and
  -- place(). outer: an index of the other kind, to go on from.
  function helpers.nest(L, kind, outer, body)
    local rest, places = L.size, 1
    for k = 1, L.loops - 1 do rest = rest // L["count_" .. k] end
    for k = 0, L.loops - 1 do
      if L["along_" .. k] == 1 then places = places * (k == 0 and rest or L["count_" .. k]) end
    end
    local letters = kind == 1 and "fghi" or "rstu"
    local function go(k, depth, index, unit)
      if k == L.loops then return body(index) end
      if L["along_" .. k] ~= kind then return go(k + 1, depth, index, unit) end
      local count = k == 0 and rest or L["count_" .. k]
      unit = unit // count
      helpers.each(letters:sub(depth, depth), count, function(v)
        local inner = { table.unpack(index) }
        inner[#inner + 1] = { v, L["stride_" .. k], kind == 1 and unit or 0 }
        go(k + 1, depth + 1, inner, unit)
      end)
    end
    go(0, 1, outer, kind == 1 and places or L.size)
  end

  -- The sum of an index' products, as C: 2 is the stride in the tensor, 3 that
  -- among the elements that belong together.
  local function sum(index, which)
    local terms, known = {}, 0
    for _, term in ipairs(index) do
      local v, stride = term[1], term[which]
      if math.type(v) then
        known = known + v * stride
      elseif stride ~= 0 then
        terms[#terms + 1] = stride == 1 and v or v .. " * " .. helpers.value_text(stride)
      end
    end
    if known ~= 0 or #terms == 0 then terms[#terms + 1] = helpers.value_text(known) end
    return table.concat(terms, " + ")
  end

  function helpers.element(index) return sum(index, 2) end
  function helpers.place(index) return sum(index, 3) end

  -- The axis that a layer works along, if it is one and the last: its elements
  -- stand side by side.
  local function last_axis(L)
    local found
    for k = 0, L.loops - 1 do
      if L["along_" .. k] == 1 then
        if found then return nil end
        found = k
      end
    end
    return found and L["stride_" .. found] == 1 and found
  end

  -- nest(L, 1, outer, body) in lanes where it can be: body(v), v as over() has
  -- it, and element(x), place(w), put(y, value): an element of a tensor, one
  -- among those that belong together, and the statement that sets the former.
  function helpers.nest_over(L, outer, body)
    local function with(v, get, set)
      v.element = function(x) return get(x, 2) end
      v.place = function(w) return get(w, 3) end
      v.put = set
      return v
    end
    if not last_axis(L) then
      return helpers.nest(L, 1, outer, function(i)
        body(with(helpers.single(), function(x, which) return x .. "[" .. sum(i, which) .. "]" end,
                  function(y, value) return y .. "[" .. sum(i, 2) .. "] = " .. value .. ";" end))
      end)
    end
    local from = sum(outer, 2)
    if from == "0" then from = 0 end
    helpers.over("f", L.channels, function(v)
      local get, set = v.get, v.set
      body(with(v, function(x, which) return get(x, which == 2 and from or 0) end,
                function(y, value) return set(y, from, value) end))
    end)
  end

  -- Elements that belong together and stand side by side, for functions of
  -- whole rows; nil where there are none, or no loops.
  function helpers.row_over(L, outer, x)
    if helpers.model.unroll or helpers.in_lanes() or not last_axis(L) then return nil end
    local from = sum(outer, 2)
    return from == "0" and x or x .. " + " .. from
  end
end
