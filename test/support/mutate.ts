/** One textual change of a shader that a correct comparison must notice. */
export interface Mutant {
  readonly name: string;
  /** Where it is: line, and place of its kind in the line, from 1. */
  readonly line: number;
  readonly place: number;
  readonly text: string;
}

interface Operator {
  readonly name: string;
  readonly pattern: RegExp;
  readonly replace: (match: string) => string;
}

const OPERATORS: readonly Operator[] = [
  {
    name: 'swap side',
    pattern: /side == 1u|side == 2u/g,
    replace: (m) => (m.endsWith('1u') ? 'side == 2u' : 'side == 1u'),
  },
  { name: 'drop carry', pattern: /select\(0u, 1u, [^;]*\);/g, replace: () => '0u;' },
  { name: 'reach one too far', pattern: /(?<= )>= (?=\w+_end|sessions\[|bar_end)/g, replace: () => '> ' },
  { name: 'stop one short', pattern: /min\(first \+ CHUNK, params\.rows\)/g, replace: (m) => `${m} - 1u` },
  {
    name: 'miss a step',
    pattern: /(?<!\w)(row|piece|buys|sells|top|bottom) (\+=|-=) 1u;/g,
    replace: (m) => m.replace('1u', '2u'),
  },
  {
    name: 'extreme of the wrong end',
    pattern: /= (max|min)\((top|bottom|k)/g,
    replace: (m) => (m.includes('max') ? m.replace('max', 'min') : m.replace('min', 'max')),
  },
  { name: 'spread wider than any', pattern: /bars\[i\]\.spread/g, replace: () => '0xffffffffu' },
  { name: 'forget to negate', pattern: /~weighted/g, replace: () => 'weighted' },
  {
    name: 'lose the high word',
    pattern: /\(word >> 2u\) \| \(word_hi << 30u\)/g,
    replace: () => 'word >> 2u',
  },
  // (never neither side: a loop that takes nothing would hang the GPU instead of failing)
  {
    name: 'tie takes one side of both',
    pattern: /(?<!POC_)TIE != [01]u/g,
    replace: (m) => (m.endsWith('1u') ? 'TIE == 0u' : 'TIE == 1u'),
  },
  {
    name: 'strict for weak',
    pattern: /STOP_GT == 1u\)/g,
    replace: () => 'STOP_GT == 0u)',
  },
  {
    name: 'wrong row of two',
    pattern: /volume\[(top|bottom) ([+-]) 2u\]/g,
    replace: (m) => m.replace('2u', '1u'),
  },
  { name: 'wrong record', pattern: /out\[params\.profiles \+ profile\] =/g, replace: () => 'out[profile] =' },
  { name: 'first for last', pattern: /close = k;/g, replace: () => 'close = open;' },
  { name: 'floor moved', pattern: /\+ params\.phase\) \/ params\.units/g, replace: () => ') / params.units' },
  { name: 'wrong bin stride', pattern: /3u \* SUM_WORDS \+ 3u/g, replace: () => '3u * SUM_WORDS' },
  { name: 'trades of one side', pattern: /3u \* SUM_WORDS \+ column/g, replace: () => '3u * SUM_WORDS' },
  { name: 'wrong slot', pattern: /edges\[middle\] <= k/g, replace: () => 'edges[middle] < k' },
  {
    name: 'next session',
    pattern: /session_first \+ session\]\.y/g,
    replace: () => 'session_first + session + 1u].y',
  },
  { name: 'wrong exclusive sum', pattern: /running \+= own;/g, replace: () => 'running = own;' },
  { name: 'boundary in the old bar', pattern: /(?<=time\[row\] )< bar_end/g, replace: () => '<= bar_end' },
  { name: 'total off by one', pattern: /pieces\[params\.chunks\] = running/g, replace: (m) => `${m} + 1u` },
  { name: 'slices overlap', pattern: /min\(thread \* slice/g, replace: () => 'min(thread * slice / 2u' },
  { name: 'smallest for largest', pattern: /atomicMax/g, replace: () => 'atomicMin' },
  { name: 'half the stride', pattern: /= 2u \* bin\[i\]/g, replace: () => '= bin[i]' },
  { name: 'latest of the wrong word', pattern: /== value\.y/g, replace: () => '!= value.y' },
  { name: 'nearest forgotten', pattern: /POC_TIE == 0u && near/g, replace: () => 'POC_TIE == 0u && !near' },
  { name: 'own cell for the partner', pattern: /(?<=sells|buys)\(i [+-] 1u\)/g, replace: () => '(i)' },
  {
    name: 'ratio must be passed, not reached',
    pattern: /!less128\((mul128\(own, [\w.]+\)), (mul128\(opposite, [\w.]+\))\)/g,
    replace: (m) => m.replace(/!less128\((mul128\([^)]*\)), (mul128\([^)]*\))\)/, 'less128($2, $1)'),
  },
  {
    name: 'ratio upside down',
    pattern: /params\.ratio_(num|den)\)/g,
    replace: (m) => (m.includes('num') ? 'params.ratio_den)' : 'params.ratio_num)'),
  },
  { name: 'least volume cut to a word', pattern: /params\.least_high/g, replace: () => '0u' },
  {
    name: 'zero policies mixed up',
    pattern: /\(ZERO == [01]u/g,
    replace: (m) => (m.endsWith('0u') ? '(ZERO == 1u' : '(ZERO == 0u'),
  },
  { name: 'edges the other way', pattern: /EDGE_ZERO == 1u/g, replace: () => 'EDGE_ZERO == 0u' },
  {
    name: 'neighbours one row too far',
    pattern: /(?<=position\[(?:lower|i - 1u)\]) \+ 1u/g,
    replace: () => ' + 2u',
  },
  { name: 'gaps not seen', pattern: /PARTNER == 1u \|\|/g, replace: () => 'PARTNER != 2u ||' },
  { name: 'flag in the wrong bit', pattern: /<< [123]u\)/g, replace: () => '<< 4u)' },
  { name: 'stack one too high', pattern: />= params\.stack/g, replace: () => '> params.stack' },
  { name: 'run over an unflagged row', pattern: /flags\[i\] & flags\[i - 1u\]/g, replace: () => 'flags[i]' },
  { name: 'zones of one side twice', pattern: /run_from\(i, [12]u\)/g, replace: () => 'run_from(i, 4u)' },
  { name: 'threshold lost', pattern: /1u << \(\(bit - 1u\) % 32u\)/g, replace: () => '1u << (bit % 32u)' },
  {
    name: 'window one too long',
    pattern: /end - min\(end, params\.bars\)/g,
    replace: () => 'end - min(end, params.bars + 1u)',
  },
  {
    name: 'window into the instrument before',
    pattern: /max\(offsets\[instrument\], end/g,
    replace: () => 'max(0u, end',
  },
  {
    name: 'own bar in and out mixed up',
    pattern: /bar \+ params\.own/g,
    replace: () => 'bar + 1u - params.own',
  },
  {
    name: 'ties counted whole',
    pattern: /select\(0u, 1u, all\(x == own\)\)/g,
    replace: (m) => m.replace('1u', '2u'),
  },
  {
    name: 'unseen bars counted',
    pattern: /\.y [!=]= MISSING\)/g,
    replace: (m) => (m.includes('!') ? '.y != 1u)' : '.y == 1u)'),
  },
  { name: 'unseen bars added up', pattern: /&& volume\[i\]\.y != MISSING/g, replace: () => '' },
  { name: 'sessions seen from their middle on', pattern: /whole\[run\] == 1u/g, replace: () => 'true' },
  {
    name: 'baseline one session short',
    pattern: /back > params\.span/g,
    replace: () => 'back >= params.span',
  },
  { name: 'bar alone for the sum', pattern: /add64\(total, volume\[i\]\)/g, replace: () => 'volume[i]' },
  { name: 'repeated hour in its own baseline', pattern: /back == 0u/g, replace: () => 'back == 1u' },
  {
    name: 'squares without their sum',
    pattern: /sub128\((mul128\(squares, count\)), square64\(sum\)\)/g,
    replace: (m) => m.replace(/sub128\((mul128\([^)]*\)), .*/, '$1'),
  },
  { name: 'other row of the pair', pattern: /pairs\[3u \* pair \+ 1u\]/g, replace: () => 'pairs[3u * pair]' },
  { name: 'a row short', pattern: /pairs\[3u \* pair \+ 2u\]/g, replace: (m) => `max(${m}, 1u) - 1u` },
  { name: 'wrong sum', pattern: /(?<== )found\.(xx|xy|windows)/g, replace: () => 'found.yy' },
  {
    name: 'too old is used',
    pattern: /!less64\(vec2<u32>\(params\.max_age_low/g,
    replace: (m) => m.slice(1),
  },
  {
    name: 'known at the end is too late',
    pattern: /less64\(ends\[bar\], known\[middle\]\)/g,
    replace: () => '!less64(known[middle], ends[bar])',
  },
  {
    name: 'observation of the next bar',
    pattern: /used\[bar\] = low - 1u/g,
    replace: () => 'used[bar] = low',
  },
  { name: 'old observation is new', pattern: /\|\| before == used\[bar\]/g, replace: () => '' },
  { name: 'interval of one bar', pattern: /at > first && used/g, replace: () => 'at == bar && used' },
  { name: 'sell for buy', pattern: /f64_add\(buy, buys/g, replace: () => 'f64_add(buy, sells' },
  { name: 'price kept does not count', pattern: /(?<=now\.(?:bid|ask) [<>])= last/g, replace: () => ' last' },
  {
    name: 'queue with the wrong sign',
    pattern: /e = (?:add|sub)64\(e, /g,
    replace: (m) => (m.includes('add') ? m.replace('add', 'sub') : m.replace('sub', 'add')),
  },
  { name: 'superseded state observed', pattern: /!= SUPERSEDED/g, replace: () => '!= 254u' },
  { name: 'event after a reset', pattern: / && last\.shown/g, replace: () => '' },
  {
    name: 'event of a missing level',
    pattern: /ZERO_FIRST == 1u && now\.shown/g,
    replace: () => 'ZERO_FIRST == 1u',
  },
  { name: 'tail taken for a first', pattern: / && !last\.open/g, replace: () => '' },
  { name: 'level of the best price', pattern: /best \+ level;/g, replace: () => 'best;' },
  { name: 'sum never restarts', pattern: /\{ cvd = F64\(\); \}/g, replace: () => '{ }' },
  {
    name: 'sum of the last bar alone',
    pattern: /cvd = f64_add\(cvd, delta\)/g,
    replace: () => 'cvd = delta',
  },
  {
    name: 'steps cut instead of rounded',
    pattern: /add64\(doubled, vec2<u32>\(1u, 0u\)\)/g,
    replace: () => 'doubled',
  },
  { name: 'steps without a sign', pattern: /, vi\.y >= F64_SIGN\)/g, replace: () => ', false)' },
  {
    name: 'bars without VI counted',
    pattern: /x\.y [!=]= (?:NONE|none)/g,
    replace: (m) => (m.includes('!') ? 'true' : 'false'),
  },
  { name: 'upper median alone', pattern: /\(count - 1u\) \/ 2u/g, replace: () => 'count / 2u' },
  { name: 'one more below', pattern: /below <= k\)/g, replace: () => 'below < k)' },
  {
    name: 'sums never restart',
    pattern: /(?<=squares) = vec4<u32>\(\);\n {6}count = 0u;/g,
    replace: () => ' = squares;',
  },
  {
    name: 'window that forgets nothing',
    pattern: /= sub128\(squares, second\[leave\]\)/g,
    replace: () => '= squares',
  },
  { name: 'window one bar longer', pattern: /enter - params\.bars/g, replace: (m) => `${m} + 1u` },
  { name: 'pivot of another session', pattern: / \|\| count == 0u/g, replace: () => '' },
  {
    name: 'distances without a sign',
    pattern: /(?<=\(weighted, .*), d\.y >= 0x80000000u/g,
    replace: () => ', false',
  },
  { name: 'distance for its square', pattern: /mul128_64\(weighted, far\)/g, replace: () => 'weighted' },
  {
    name: 'weights of a word',
    pattern: /mul128_64\(vec4<u32>\(far, 0u, 0u\), volume\[bar\]\)/g,
    replace: () => 'mul128(vec4<u32>(far, 0u, 0u), volume[bar].x)',
  },
  {
    name: 'pivots below the base',
    pattern: /(?<=add128\(\w+, \w+\)), below\);/g,
    replace: () => ', false);',
  },
  { name: 'pivot taken once', pattern: /add128\(sum, sum\)/g, replace: () => 'sum' },
  { name: 'bars left out of the mean', pattern: /mul64\(pivot, counted\.x\)/g, replace: () => 'pivot' },
  {
    name: 'average seeded a value late',
    pattern: /seen < \(\*e\)\.first/g,
    replace: (m) => m.replace('<', '<='),
  },
  {
    name: 'weight of a shorter average',
    pattern: /f64_from_u32\(period \+ 1u\)/g,
    replace: () => 'f64_from_u32(period)',
  },
  {
    name: 'slope that knows nothing of the other',
    pattern: /f64_mul\(out\.cross, sums\.zy\)/g,
    replace: () => 'F64()',
  },
  { name: 'order due a bar late', pattern: /t >= run\.due/g, replace: () => 't > run.due' },
  { name: 'fills of the bar in its own tier', pattern: /< until;/g, replace: () => '<= until;' },
  { name: 'fee window a bar short', pattern: /< since;/g, replace: () => '<= since;' },
  {
    name: 'tier passed, not reached',
    pattern: /!less64\((run\.trailing), (spans\[[^\]]*\]\.xy)\)/g,
    replace: (m) => m.replace(/!less64\((.*), (spans.*)\)/, 'less64($2, $1)'),
  },
  {
    name: 'impact by the fill bar itself',
    pattern: /bars\[span\.x \+ t - 1u\]/g,
    replace: () => 'bars[span.x + t]',
  },
  { name: 'levels by the fill bar itself', pattern: /run\.decided\]\.range/g, replace: () => 't].range' },
  { name: 'room never used up', pattern: /run\.room -= lots;/g, replace: () => '' },
  { name: 'rest of a close forgotten', pattern: /= closing > run\.room/g, replace: () => '= false' },
  { name: 'participation ignored', pattern: /min\(closing, run\.room\)/g, replace: () => 'closing' },
  { name: 'rows of the trial before', pattern: /number \* span\.y/g, replace: () => 'number' },
  { name: 'trial of another run', pattern: /trials\[number\]/g, replace: () => 'trials[0]' },
  { name: 'own fills remembered wrong', pattern: /past\[at\] = t;/g, replace: () => 'past[at] = t + 1u;' },
  {
    name: 'change since the first bar',
    pattern: /before = (c|p|level|middle);/g,
    replace: (m) => `if (f64_is_nan(before)) { ${m} }`,
  },
  {
    name: 'volume rises for falls',
    pattern: /f64_less\((v, volume_before|volume_before, v)\)/g,
    replace: (m) => (m.includes('(v,') ? 'f64_less(volume_before, v)' : 'f64_less(v, volume_before)'),
  },
  { name: 'volume added at a fall', pattern: /f64_sub\(obv, v\)/g, replace: () => 'f64_add(obv, v)' },
  {
    name: 'money flow upside down',
    pattern: /f64_sub\(above_low, below_high\)/g,
    replace: () => 'f64_sub(below_high, above_low)',
  },
  {
    name: 'periods mixed up',
    pattern: /return params\.\w+_fast;/g,
    replace: (m) => m.replace('fast', 'slow'),
  },
  { name: 'average of another total', pattern: /totals\[4u/g, replace: () => 'totals[3u' },
  {
    name: 'signal of the other',
    pattern: /kind == PERCENT\), params/g,
    replace: () => 'kind == KLINGER), params',
  },
  {
    name: 'slow less fast',
    pattern: /averages\[fast\], averages\[fast \+ params\.rows\]/g,
    replace: () => 'averages[fast + params.rows], averages[fast]',
  },
  {
    name: 'seed of the other kind',
    pattern: /params\.seed_first\)/g,
    replace: () => '1u - params.seed_first)',
  },
  {
    name: 'compared a bar too late',
    pattern: /volume\[i - params\.back\]/g,
    replace: () => 'volume[i + 1u - params.back]',
  },
  { name: 'range of the other trend', pattern: /up == rising/g, replace: () => 'up != rising' },
  {
    name: 'trend or force a bar early',
    pattern: /prices > [12]u/g,
    replace: (m) => (m.endsWith('2u') ? 'prices > 1u' : 'prices > 0u'),
  },
  { name: 'tie is a rise', pattern: /f64_less\(before, level\)/g, replace: () => '!f64_less(level, before)' },
  {
    name: 'form of the other kind',
    pattern: /OUTER == 1u|ZERO_RANGE == 1u/g,
    replace: (m) => m.replace('1u', '0u'),
  },
  {
    name: 'block sums one term short',
    pattern: /back < params\.period/g,
    replace: () => 'back + 1u < params.period',
  },
  {
    name: 'window one term short',
    pattern: /next \+ 1u - params\.period/g,
    replace: () => 'next + 2u - params.period',
  },
  { name: 'no flow read as the other value', pattern: /BOTH_ZERO == 1u/g, replace: () => 'BOTH_ZERO == 2u' },
  { name: 'lags below the horizon', pattern: /max\(horizons\[slot\] - 1u, /g, replace: () => 'max(0u, ' },
  { name: 'a lag too many', pattern: /horizons\[slot\] - 1u/g, replace: () => 'horizons[slot]' },
  { name: 'window one too long', pattern: /i >= first \+ width/g, replace: (m) => m.replace('>=', '>') },
  { name: 'last windows forgotten', pattern: /end \+ width - 1u/g, replace: () => 'end' },
  {
    name: 'square for the product',
    pattern: /f64_mul\(point\.x, point\.y\)/g,
    replace: () => 'f64_mul(point.x, point.x)',
  },
  { name: 'unknown bars pull', pattern: /if \(!point\.known\) \{ return F64\(\); \}/g, replace: () => '' },
  {
    name: 'what is explained pulls too',
    pattern: /f64_sub\(point\.y, f64_mul\(slope, point\.x\)\)/g,
    replace: () => 'point.y',
  },
  { name: 'sums of another slot', pattern: /% params\.slots/g, replace: () => '% 1u' },
  { name: 'unknown regime is outside', pattern: /state < UNKNOWN && /g, replace: () => '' },
  { name: 'state of another regime', pattern: />> \(2u \* regime\)/g, replace: () => '>> regime' },
  { name: 'return of the bar itself', pattern: /slot \* params\.rows \+ i/g, replace: () => 'i' },
  {
    name: 'variance of the other slope',
    pattern: /(coming|leaving)\.zw/g,
    replace: (m) => m.replace('zw', 'xy'),
  },
  {
    name: 'band without its boundary',
    pattern: /less64\(reach, distance\)/g,
    replace: () => '!less64(distance, reach)',
  },
  { name: 'asks for bids', pattern: /(?<=bid_(?:lots|tick)\[at\], side == )0u/g, replace: () => '1u' },
  { name: 'imbalance of one level more', pattern: /level \+ 1u == lists/g, replace: () => 'level == lists' },
  { name: 'weights left out', pattern: /(?<=WEIGHTS == )[12]u/g, replace: () => '3u' },
  { name: 'one side for zero', pattern: /(?<=ONE_SIDED_ZERO == )1u/g, replace: () => '0u' },
  {
    name: 'measures mixed up',
    pattern: /(?<=NOTIONAL == )[01]u/g,
    replace: (m) => (m === '0u' ? '1u' : '0u'),
  },
  { name: 'price about the base', pattern: /add64\(base, tick\)/g, replace: () => 'tick' },
  { name: 'mid about the base', pattern: /shift_left64\(base, 1u\)/g, replace: () => 'base' },
  { name: 'levels of the bids', pattern: /min\(used\.x, used\.y\)/g, replace: () => 'used.x' },
  { name: 'end of the asks not seen', pattern: /bids\.cut \| asks\.cut/g, replace: () => 'bids.cut' },
  { name: 'state of the row after', pattern: /(?<=params\.instruments \+ row) - 1u/g, replace: () => '' },
  { name: 'state beyond its window', pattern: /min\(since\.x, piece\.length\)/g, replace: () => 'since.x' },
  { name: 'state before its window', pattern: /= piece\.lead/g, replace: () => '= 0u' },
  { name: 'limb out of place', pattern: /<< 11u/g, replace: () => '<< 10u' },
  { name: 'ruin forgotten', pattern: / \|\| is_ruined\(\)/g, replace: () => '' },
  { name: 'sign lost', pattern: /value\.y >= 0x80000000u/g, replace: () => 'false' },
  {
    name: 'most levels for the fewest',
    pattern: /min\(extra, value\.w\)/g,
    replace: () => 'max(extra, value.w)',
  },
];

/** Every operator at every place it fits. */
export function mutants(source: string): Mutant[] {
  const out: Mutant[] = [];
  for (const { name, pattern, replace } of OPERATORS) {
    let place = 0;
    for (const match of source.matchAll(pattern)) {
      const at = match.index;
      const line = source.slice(0, at).split('\n').length;
      place = out.at(-1)?.name === name && out.at(-1)!.line === line ? place + 1 : 1;
      out.push({
        ...{ name, line, place },
        text: source.slice(0, at) + replace(match[0]) + source.slice(at + match[0].length),
      });
    }
  }
  return out;
}
