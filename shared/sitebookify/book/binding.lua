-- What runs inside pandoc: one book, from its pages' AST and its pictures (see binding.py).
-- It says "ready"; then come lines, each with as many bytes after it as it says: `image SIZE TYPE NAME`,
-- `page SIZE` (a document as JSON), and last `write SIZE FORMAT` (a document that brings the metadata).
-- The answer is a line `ok|error SIZE` and its bytes.

local blocks = pandoc.Blocks{}
local no_files = {}

-- Pandoc's writers fetch pictures from files and from the network: only those it was given come that far.
local known_pictures = {
  Image = function(image)
    if not pandoc.mediabag.lookup(image.src) then return image.caption end
  end,
}

local function add(json)
  blocks:extend(pandoc.read(json, "json", {}, no_files):walk(known_pictures).blocks)
end

local function written(json, format)
  local meta = pandoc.read(json, "json", {}, no_files).meta
  return pandoc.write(pandoc.Pandoc(blocks, meta), format, { wrap_text = "none", highlight_method = "none" })
end

local function done_with(request)
  local what, size, more = request:match("^(%S+) (%d+) ?(.*)$")
  local data = size == "0" and "" or io.read(tonumber(size)) -- to read nothing would wait for more
  if what == "image" then
    local kind, name = more:match("^(%S+) (%S+)$")
    pandoc.mediabag.insert(name, kind, data)
  elseif what == "page" then
    add(data)
  else
    return written(data, more)
  end
end

io.write("ready\n")
io.flush()
local done, answer = true, nil
for request in io.lines() do
  done, answer = pcall(done_with, request)
  if not done or answer then break end
end
answer = tostring(answer)
io.write(done and "ok" or "error", " ", #answer, "\n", answer)
io.flush()
