// tslab 1.0.22 type-checks cells with TypeScript 5.0, where newer declarations turn silently into `any`.
// Checks dist/*.d.ts with that very compiler: no error in a declaration, no export that has become `any`.
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, resolve, sep } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = resolve(dirname(fileURLToPath(import.meta.url)), '..', '..');
const home = resolve(process.argv[2] ?? '.');
const ts = createRequire(join(home, 'package.json'))('@tslab/typescript-for-tslab');
const problems = [];

const link = join(home, 'node_modules', 'steelyard');
mkdirSync(dirname(link), { recursive: true });
rmSync(link, { force: true, recursive: true });
symlinkSync(root, link);
const cell = join(home, 'cell.ts');
writeFileSync(cell, "import * as steelyard from 'steelyard';\nexport { steelyard };\n");

/** As tslab compiles a cell, but for `skipLibCheck`: with it, errors in declarations stay hidden. */
const program = ts.createProgram([cell], {
  module: ts.ModuleKind.CommonJS,
  moduleResolution: ts.ModuleResolutionKind.NodeJs,
  target: ts.ScriptTarget.ES2022,
  lib: ['lib.es2022.d.ts', 'lib.dom.d.ts'],
  typeRoots: [join(root, 'node_modules', '@types')],
  types: ['node'],
  strict: true,
  esModuleInterop: true,
  skipLibCheck: false,
  noEmit: true,
});
const own = (file) => file === cell || file.startsWith(join(root, 'dist') + sep);
for (const diagnostic of ts.getPreEmitDiagnostics(program)) {
  const file = diagnostic.file?.fileName;
  if (file && !own(resolve(file))) continue;
  const line = file ? diagnostic.file.getLineAndCharacterOfPosition(diagnostic.start).line + 1 : 0;
  const text = ts.flattenDiagnosticMessageText(diagnostic.messageText, ' ');
  problems.push(`${file ? `${file.replace(root + sep, '')}:${line}` : 'program'}: ${text}`);
}

const checker = program.getTypeChecker();
const source = program.getSourceFile(cell);
const isAny = (type) => (type.flags & ts.TypeFlags.Any) !== 0;
/** A declared type `any`, or an error that became one, in a function's parameters or (awaited) result. */
function checkSignatures(name, type) {
  for (const signature of type.getCallSignatures()) {
    const result = signature.getReturnType();
    if (isAny(result) || (checker.getAwaitedType(result) && isAny(checker.getAwaitedType(result))))
      problems.push(`${name}: the result is any`);
    for (const parameter of signature.getParameters())
      if (isAny(checker.getTypeOfSymbolAtLocation(parameter, source)))
        problems.push(`${name}: ${parameter.name} is any`);
  }
}
const imported = source.statements[0].importClause.namedBindings.name;
const module = checker.getAliasedSymbol(checker.getSymbolAtLocation(imported));
const names = module ? checker.getExportsOfModule(module) : [];
for (const symbol of names) {
  const target = symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
  const isValue = (target.flags & ts.SymbolFlags.Value) !== 0;
  const type = isValue
    ? checker.getTypeOfSymbolAtLocation(target, source)
    : checker.getDeclaredTypeOfSymbol(target);
  if (isAny(type)) problems.push(`${symbol.name} is any`);
  else if (isValue) checkSignatures(symbol.name, type);
}
if (names.length === 0) problems.push('dist/index.d.ts exports nothing');

for (const problem of problems) console.error(problem);
console.log(`TypeScript ${ts.version}: ${names.length} exports, ${problems.length} problems`);

// tslab loads by require(), which a top-level await anywhere in the graph forbids
createRequire(cell)('steelyard');
process.exitCode = problems.length > 0 ? 1 : 0;
