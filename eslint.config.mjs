// The design's folder rules, held by the linter: which of our own folders each folder may import, and that
// `vscode` is imported under src/extension/ alone. The table has no cycle, so neither have the folders.
import eslint from '@eslint/js';
import tseslint from 'typescript-eslint';

const mayImport = {
  host: [],
  docker: ['host'],
  mesos: [],
  api: [],
  framework: ['mesos'],
  devmesos: ['mesos', 'docker', 'host'],
  airflow: ['host'],
  words: ['api'],
  logtext: [],
  page: ['api', 'words', 'logtext'],
  client: ['api', 'mesos', 'host'],
  journal: ['api', 'host'],
  service: ['api', 'framework', 'journal', 'mesos', 'airflow', 'host'],
  engines: ['client', 'api', 'airflow', 'docker', 'host'],
  cli: ['engines', 'client', 'journal', 'api', 'airflow', 'devmesos', 'words', 'logtext', 'host'],
  extension: ['client', 'api', 'page', 'words', 'logtext', 'host'],
};

const nodeGlobals = Object.fromEntries(
  [
    'process',
    'console',
    'URL',
    'fetch',
    'setTimeout',
    'clearTimeout',
    'setInterval',
    'clearInterval',
    'Buffer',
    'AbortController',
    'AbortSignal',
    'require',
    'module',
    'exports',
    '__dirname',
    '__filename',
  ].map((name) => [name, 'readonly']),
);

const folderRules = Object.entries(mayImport).map(([folder, allowed]) => {
  const refused = Object.keys(mayImport).filter((other) => other !== folder && !allowed.includes(other));
  const patterns = refused.map((other) => ({
    regex: `^(\\.\\./)+${other}/`,
    message: `src/${folder}/ may not import src/${other}/ (docs/architecture.md, "Folders").`,
  }));
  if (folder !== 'extension') {
    patterns.push({ regex: '^vscode$', message: '`vscode` is imported under src/extension/ only.' });
  }
  return { files: [`src/${folder}/**/*.ts`], rules: { 'no-restricted-imports': ['error', { patterns }] } };
});

/** A sentence that is looked up while a module loads comes before the editor's language is known: it stays English. */
const translatedLate = {
  create: (context) => ({
    "CallExpression[callee.object.name='l10n'][callee.property.name='t']": (node) => {
      const isLate = context.sourceCode.getAncestors(node).some(({ type }) => /Function/.test(type));
      if (!isLate) context.report({ node, message: 'l10n.t is called inside a function only.' });
    },
  }),
};

export default tseslint.config(
  { ignores: ['dist/', 'out/', 'node_modules/', 'test/fixtures/'] },
  eslint.configs.recommended,
  {
    files: ['**/*.ts'],
    extends: [...tseslint.configs.strictTypeChecked, ...tseslint.configs.stylisticTypeChecked],
    languageOptions: { parserOptions: { projectService: true } },
    rules: {
      '@typescript-eslint/restrict-template-expressions': [
        'error',
        { allowNumber: true, allowBoolean: true },
      ],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
      '@typescript-eslint/consistent-type-imports': 'error',
      '@typescript-eslint/no-floating-promises': ['error', { allowForKnownSafeCalls: [] }],
      'no-console': 'error',
      eqeqeq: 'error',
    },
  },
  {
    files: ['src/extension/**/*.ts'],
    plugins: { own: { rules: { 'translated-late': translatedLate } } },
    rules: { 'own/translated-late': 'error' },
  },
  { files: ['test/**/*.ts'], rules: { '@typescript-eslint/no-non-null-assertion': 'off' } },
  {
    files: ['**/*.mjs', '**/*.cjs'],
    languageOptions: { globals: { ...nodeGlobals } },
    rules: { 'no-console': 'off' },
  },
  { files: ['**/*.cjs'], languageOptions: { sourceType: 'commonjs' } },
  ...folderRules,
);
