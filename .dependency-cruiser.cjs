// The import table of the README, enforced. Each rule tells what to do instead.
const tests = '\\.test\\.tsx?$|/testing/'
/** @type {import('dependency-cruiser').IConfiguration} */
module.exports = {
  forbidden: [
    { name: 'no-circular', severity: 'error', comment: 'Two files that need each other are one noun, or a third noun is missing: extract it.', from: {}, to: { circular: true } },
    { name: 'rules-are-pure', severity: 'error', comment: 'rules/ imports only itself: pass clock, randomness and data in as arguments.', from: { path: '^rules/', pathNot: tests }, to: { pathNot: '^rules/' } },
    { name: 'contract-imports-rules-only', severity: 'error', comment: 'The wire contract is shared by three parties: keep it free of all but rules/.', from: { path: '^pos-sdk/contract/', pathNot: tests }, to: { pathNot: ['^pos-sdk/contract/', '^rules/'] } },
    { name: 'sdk-imports-rules-only', severity: 'error', comment: 'A till carries the SDK: no engine, no console, no npm package.', from: { path: '^pos-sdk/', pathNot: tests }, to: { pathNot: ['^pos-sdk/', '^rules/'], dependencyTypesNot: ['core'] } },
    { name: 'engine-not-console', severity: 'error', comment: 'The engine knows nothing of the console: put the command into contract/admin.', from: { path: '^engine/' }, to: { path: '^console/' } },
    { name: 'engine-sees-contract-only', severity: 'error', comment: 'Of the SDK the engine may use the contract alone.', from: { path: '^engine/', pathNot: tests }, to: { path: '^pos-sdk/', pathNot: '^pos-sdk/contract/' } },
    { name: 'engine-flows-downwards', severity: 'error', comment: 'http → batcher → ledger, members, … → db. Move the shared noun down instead of importing upwards.', from: { path: '^engine/(batcher|returns|ledger|members|vouchers|rewards|programs|prices|outbox|jobs|rollups|db)/', pathNot: tests }, to: { path: '^engine/(http/|app\\.ts|main\\.ts)' } },
    { name: 'ledger-below-batcher', severity: 'error', comment: 'The ledger must not know who calls it.', from: { path: '^engine/(ledger|members|vouchers|rewards|programs|prices|outbox|rollups|returns)/', pathNot: tests }, to: { path: '^engine/(batcher|jobs)/' } },
    { name: 'db-at-the-bottom', severity: 'error', comment: 'db/ serves everyone and imports nobody above it.', from: { path: '^engine/db/', pathNot: tests }, to: { path: '^engine/', pathNot: '^engine/(db/|config\\.ts)' } },
    { name: 'kit-not-sections', severity: 'error', comment: 'The kit must not know any section: add a slot.', from: { path: '^console/kit/' }, to: { path: '^console/sections/' } },
    { name: 'console-not-engine', severity: 'error', comment: 'The console talks to the engine over contract/admin.', from: { path: '^console/', pathNot: tests }, to: { path: '^engine/' } },
    { name: 'console-sees-contract-only', severity: 'error', comment: 'Of the SDK the console may use the contract alone.', from: { path: '^console/', pathNot: tests }, to: { path: '^pos-sdk/', pathNot: '^pos-sdk/contract/' } },
    { name: 'section-alone', severity: 'error', comment: 'A section reaches another only by name (refs), or its schema.ts by another schema.ts.', from: { path: '^console/sections/([^/]+)/', pathNot: ['schema\\.ts$', tests] }, to: { path: '^console/sections/([^/]+)/', pathNot: '^console/sections/$1/' } },
    { name: 'browser-safe', severity: 'error', comment: 'Pages and client import server files as types only.', from: { path: '^console/(kit/ui|client|sections/[^/]+/page)', pathNot: tests }, to: { path: '^console/(server|kit/server)/|^console/sections/[^/]+/(schema|api)\\.ts$', dependencyTypesNot: ['type-only'] } },
  ],
  options: { doNotFollow: { path: 'node_modules' }, tsPreCompilationDeps: true, tsConfig: { fileName: 'tsconfig.json' }, enhancedResolveOptions: { exportsFields: ['exports'], conditionNames: ['import', 'types', 'default'], extensions: ['.ts', '.tsx', '.js', '.json'] } },
}
