/** Every variable of the environment that the command reads, for `help environment` and the man page. */
export const VARIABLES: readonly { readonly name: string; readonly summary: string }[] = [
  { name: 'DATABASE_URL', summary: 'a PostgreSQL 15 or later for the ledger; otherwise one is started in .signalbox/' },
  { name: 'SIGNALBOX_GITHUB_TOKEN', summary: 'token for the forge; never a flag, printed as ***' },
  { name: 'SIGNALBOX_GITHUB_APP_ID', summary: 'number of the GitHub App that acts, instead of a token' },
  { name: 'SIGNALBOX_GITHUB_APP_KEY', summary: 'its private key, PEM; best by SIGNALBOX_GITHUB_APP_KEY_FILE' },
  { name: 'SIGNALBOX_GITHUB_APP_INSTALLATION', summary: 'which installation, where there are several' },
  {
    name: 'SIGNALBOX_WEBHOOK_SECRET',
    summary: 'what webhooks are signed with; no default',
  },
  { name: 'SIGNALBOX_OAUTH_ID', summary: 'client id of the OAuth app by which people sign in to the server' },
  { name: 'SIGNALBOX_OAUTH_SECRET', summary: 'its client secret; best by SIGNALBOX_OAUTH_SECRET_FILE' },
  {
    name: 'SIGNALBOX_S3_ACCESS_KEY_ID',
    summary: 'who asks S3 servers; SIGNALBOX_S3_MIRROR_... for the server named mirror',
  },
  { name: 'SIGNALBOX_S3_SECRET_ACCESS_KEY', summary: 'the secret that goes with it' },
  {
    name: 'SIGNALBOX_INDEX_...',
    summary: 'token and address of uploads to a package index, as SIGNALBOX_INDEX_PYPI_TOKEN',
  },
  { name: 'SIGNALBOX_STORE_...', summary: 'where a channel lies, as SIGNALBOX_STORE_STAGING=s3://bucket/prefix' },
  { name: 'SIGNALBOX_PYTHON', summary: 'a Python with pip that says what installs together; python3 otherwise' },
  { name: 'SIGNALBOX_USER', summary: 'your login, where no forge says it' },
  { name: '..._FILE', summary: 'a secret or DATABASE_URL by a file, as SIGNALBOX_GITHUB_TOKEN_FILE' },
  { name: 'SIGNALBOX_FORCE_TTY', summary: 'a number of columns: write as to a terminal of that width' },
  { name: 'NO_COLOR', summary: 'set and not empty: no colour' },
  { name: 'CLICOLOR', summary: '0: no colour' },
  { name: 'CLICOLOR_FORCE', summary: 'set and not 0: colour also when piped' },
  { name: 'TERM', summary: 'dumb: no colour' },
  { name: 'LC_ALL, LC_CTYPE, LANG', summary: 'a locale that is not UTF-8, as C: only ASCII is written' },
  { name: 'PAGER', summary: 'cat or empty: long answers are not shown page by page' },
];
