-- All asks of a batch, in order. KEYS: the shares of all takes, one after the other. ARGV[1]: the asks in MessagePack, each
-- {forced, takes}; a take is {kind, cost, step, room, floor, member} as waf/state/protocol.py has it. Answers in MessagePack.
local WINDOW, DAY, MONTH, LEASE, LEAVE = 1, 2, 3, 4, 5
local asks = cmsgpack.unpack(ARGV[1])
local time = redis.call('TIME')
-- Since 2025, so that a double keeps nanoseconds.
local EPOCH = 1735689600
local now = tonumber(time[1]) - EPOCH + tonumber(time[2]) / 1000000

-- End of this day or month (UTC), in seconds since 1970. Days to civil months: Howard Hinnant, "chrono-Compatible Low-Level Date
-- Algorithms" (days_from_civil and its inverse).
local function month_end(days)
  local z = days + 719468
  local era = math.floor(z / 146097)
  local doe = z - era * 146097
  local yoe = math.floor((doe - math.floor(doe / 1460) + math.floor(doe / 36524) - math.floor(doe / 146096)) / 365)
  local doy = doe - (365 * yoe + math.floor(yoe / 4) - math.floor(yoe / 100))
  local month = math.floor((5 * doy + 2) / 153) + 1  -- 1 is March
  local year = yoe + era * 400
  if month == 12 then
    month, year = 1, year + 1
  else
    month = month + 1
  end
  era = math.floor(year / 400)
  yoe = year - era * 400
  doy = math.floor((153 * (month - 1) + 2) / 5)
  return era * 146097 + yoe * 365 + math.floor(yoe / 4) - math.floor(yoe / 100) + doy - 719468
end

local ends = {}
local function end_of(kind)
  if not ends[kind] then
    local days = math.floor(tonumber(time[1]) / 86400)
    ends[kind] = (kind == DAY and days + 1 or month_end(days)) * 86400
  end
  return ends[kind]
end

local function text(number)
  return string.format('%.17g', number)
end

local answers = {}
local at = 0
for i = 1, #asks do
  local forced, takes = asks[i][1], asks[i][2]
  local numbers, refused, wait = {}, 0, 0
  for j = 1, #takes do
    local key, take = KEYS[at + j], takes[j]
    local kind, cost, step, room = take[1], take[2], take[3], take[4]
    local number = 0
    if kind == WINDOW then
      number = math.max((tonumber(redis.call('GET', key) or 0) or 0) - now, 0)
      local over = number + math.min(cost * step, room) - room
      if over > 0.000001 and not forced then
        refused, wait = j, over
      end
    elseif kind == DAY or kind == MONTH then
      number = math.max(tonumber(redis.call('GET', key) or 0) or 0, take[5])
      if number + math.min(cost, room) > room and not forced then
        refused, wait = j, end_of(kind) - EPOCH - now
      end
    elseif kind == LEASE then
      redis.call('ZREMRANGEBYSCORE', key, '-inf', text(now))
      number = redis.call('ZCARD', key)
      if number >= room and not forced then
        refused = j
      end
    end
    numbers[j] = number
    if refused > 0 then
      break
    end
  end
  if refused == 0 then
    for j = 1, #takes do
      local key, take = KEYS[at + j], takes[j]
      local kind, cost = take[1], take[2]
      if kind == WINDOW then
        local owed = numbers[j] + cost * take[3]
        if owed > 0 then
          redis.call('SET', key, text(now + owed), 'PX', math.ceil(owed * 1000))
        else
          owed = 0
          redis.call('DEL', key)
        end
        numbers[j] = owed
      elseif kind == DAY or kind == MONTH then
        local used = math.max(numbers[j] + cost, 0)
        redis.call('SET', key, text(used), 'PXAT', text(end_of(kind) * 1000))
        numbers[j] = used
      elseif kind == LEASE then
        redis.call('ZADD', key, text(now + take[3]), take[6])
        redis.call('PEXPIRE', key, math.ceil(take[3] * 1000))
        numbers[j] = numbers[j] + 1
      elseif kind == LEAVE then
        redis.call('ZREM', key, take[6])
      end
    end
  end
  answers[i] = {refused, wait, numbers}
  at = at + #takes
end
return cmsgpack.pack(answers)
