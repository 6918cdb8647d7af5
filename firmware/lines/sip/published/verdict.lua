#!lua name=ringfence
--[[ The verdict on a caller, inside Redis: the order of `firmware/screening/verdict.py` over what `compiled.py` made of
     the wishes. Nothing is written, so that a replica answers as well.

     FCALL_RO ringfence_verdict 0 CALLED NUMBER ABSENCE   →   "TENANT ACTION REASON ID MATCH"

     NUMBER is as presented, without punctuation, or empty; then ABSENCE is `withheld` or `unavailable`. ]]

local PREFIX = 'ringfence:'

local function fields(key)
  local found, flat = {}, redis.call('HGETALL', key)
  for i = 1, #flat, 2 do found[flat[i]] = flat[i + 1] end
  return found
end

--[[ Whether 0 is dialled before a significant number at home; China as in numbers/plans.toml. ]]
local function has_trunk(region, digits)
  if region ~= 'CN' then return nil end
  if digits:find('^400') or digits:find('^800') or digits:find('^950') then return false end
  if digits:find('^9[56]%d%d%d%d?%d?$') or digits:find('^9[56]%d%d%d%d%d%d%d%d%d') then return false end
  return (digits:find('^10') or digits:find('^[2-9]')) ~= nil
end

--[[ Numbers without an E.164 form, as in numbers/plans.toml. ]]
local function unreachable(region, digits)
  return region == 'CN' and (digits:find('^106') and #digits >= 11 or digits:find('^14[0148]') and #digits == 13)
end

--[[ A presented number as E.164 and as it is dialled at home. ]]
local function forms(tenant, presented)
  local code, trunk, digits = tenant.code, tenant.trunk, presented
  if digits:find('^00[1-9]') then digits = '+' .. digits:sub(3)
  elseif digits:sub(1, #tenant.abroad) == tenant.abroad then digits = '+' .. digits:sub(#tenant.abroad + 1) end
  local home = '+' .. code
  local significant
  if digits:sub(1, #home) == home then
    significant = digits:sub(#home + 1)
  elseif digits:sub(1, 1) == '+' then
    return digits, digits
  elseif #digits <= 8 and digits:sub(1, 1) ~= '0' then
    if tenant.area == '' or #digits < 7 or digits:find('^[019]') then return digits, digits end
    significant = (tenant.area .. digits):gsub('^' .. trunk, '', 1)
  elseif digits:sub(1, #code) == code and #digits > #code + 7 then
    significant = digits:sub(#code + 1)
  elseif trunk ~= '' and digits:sub(1, #trunk) == trunk then
    significant = digits:sub(#trunk + 1)
  else
    significant = digits
  end
  if #significant <= 6 or unreachable(tenant.region, significant) then return significant, significant end
  if trunk ~= '' and significant:sub(1, #trunk) == trunk and tenant.region == 'CN' and significant:find('^01[3-9]') then
    significant = significant:sub(2)
  end
  local zero = has_trunk(tenant.region, significant)
  if zero == nil then zero = tenant.dialled == '1' end
  return home .. significant, (zero and trunk or '') .. significant
end

--[[ Whether a short code of `codes` stands in a number, behind what an exchange may put before it. ]]
local function stands_in(tenant, codes, presented)
  for size = 3, math.min(6, #presented) do
    local short, head = presented:sub(-size), presented:sub(1, -size - 1)
    if (' ' .. codes .. ' '):find(' ' .. short .. ' ', 1, true) then
      head = head:gsub('^%+', '', 1):gsub('^00', '', 1)
      if head:sub(1, #tenant.code) == tenant.code then head = head:sub(#tenant.code + 1):gsub('^0', '', 1)
      else head = head:gsub('^0', '', 1) end
      if head == '' or (tenant.areas == '1' and (head:find('^10$') or head:find('^2%d$') or head:find('^[3-9]%d%d$'))) then
        return true
      end
    end
  end
  return false
end

local function better(rank, allow, id, best)
  if not best or rank ~= best.rank then return not best or rank > best.rank end
  if allow ~= best.allow then return allow end
  return id < best.id
end

local function verdict(keys, args)
  local called, presented, absence = args[1], args[2], args[3]
  local name = redis.call('HGET', PREFIX .. 'lines', called) or redis.call('HGET', PREFIX .. 'lines', '*')
  if not name then return 'none allow default 0 ' end
  local tenant = fields(PREFIX .. name)
  if not tenant.rules then return name .. ' allow default 0 ' end
  local function say(action, reason, id, match)
    return table.concat({name, action, reason, id or 0, match or ''}, ' ')
  end

  local asked, at = {}, {}
  local function ask(kind, what)
    asked[#asked + 1] = kind .. what
    at[#asked] = kind
  end
  local normal, national
  if presented ~= '' then
    normal, national = forms(tenant, presented)
    if stands_in(tenant, tenant.protected, presented) then return say('allow', 'protected') end
    ask('c:', normal)
    ask('n:', normal)
    if normal ~= presented then ask('n:', presented) else ask('n:', '+' .. tenant.code .. presented) end
    ask('p:', normal)
    for size in tenant.passes:gmatch('%d+') do
      ask('q:', normal:sub(1, size))
      if national ~= normal then ask('q:', national:sub(1, size)) end
    end
    for size in tenant.segments:gmatch('%d+') do
      if tonumber(size) <= #national then ask('r:', national:sub(1, size)) end
    end
    for size in (tenant.origins or ''):gmatch('%d+') do
      if tonumber(size) <= #national then ask('o:', #national .. ':' .. national:sub(1, size)) end
    end
    for size in tenant.pools:gmatch('%d+') do
      ask('a:', national:sub(1, size))
    end
    if national:sub(1, 1) == '+' then ask('k:', 'international') end
  else
    ask('k:', absence)
  end
  ask('k:', 'anyone')

  local first, rule, origin = {}, nil, nil
  local function weigh(found)
    local rank, action, id, match = found:match('^(%S+) (%S+) (%d+) (.*)$')
    rank, id = tonumber(rank), tonumber(id)
    if better(rank, action == 'allow', id, rule) then
      rule = {rank = rank, allow = action == 'allow', id = id, match = match}
    end
  end
  for i, found in ipairs(redis.call('HMGET', tenant.rules, unpack(asked))) do
    if found then
      local kind = at[i]
      if kind == 'r:' or kind == 'k:' then
        weigh(found)
      elseif kind == 'o:' then
        origin = found
      elseif kind == 'a:' then
        if #found:match('(%S+)$') == #national then first[kind] = found end
      elseif not first[kind] then
        first[kind] = found
      end
    end
  end

  if origin and origin ~= '-' then weigh(origin) end

  if first['c:'] then return say('allow', 'contact', first['c:']:match('^(%d+) (.*)$')) end
  if tenant.paused == '1' then return say('allow', 'pause') end
  if first['n:'] then
    local action, id, match = first['n:']:match('^(%S+) (%d+) (.*)$')
    return say(action, 'number', id, match)
  end
  if presented ~= '' and stands_in(tenant, tenant.utilities, presented) then return say('allow', 'utility') end
  local pass = first['p:'] or first['q:']
  if pass then return say('allow', 'pass', pass:match('^(%d+) (.*)$')) end
  if rule then return say(rule.allow and 'allow' or 'block', 'rule', rule.id, rule.match) end
  if presented ~= '' then
    local entries = {national .. '$'}
    for size = #national, 1, -1 do entries[#entries + 1] = national:sub(1, size) end
    for id, action, key in tenant.lists:gmatch('(%d+) (%S+) (%S+)') do
      for i, found in ipairs(redis.call('SMISMEMBER', key, unpack(entries))) do
        if found == 1 then return say(action, 'list', id, i == 1 and normal or entries[i] .. '*') end
      end
    end
    if first['a:'] then
      local action, id, match = first['a:']:match('^(%S+) (%d+) (.*)$')
      if action == 'block' then return say('block', 'pool', id, match) end
    end
  else
    return say(tenant[absence] or 'allow', absence)
  end
  return say('allow', 'default')
end

redis.register_function{function_name = 'ringfence_verdict', callback = verdict, flags = {'no-writes'}}
