import { SECRET_NAMES, SECRETS, type SecretEffect } from './secrets.ts';
import { settingRows, type SettingRow } from './schema.ts';

const INTRODUCTION = `# Configuration

<!-- Generated from main/config/schema.ts by \`npm run docs\`. -->

Settings stand in \`config.toml\` in the data directory, which is \`~/.waiaas\` unless \`WAIAAS_DATA_DIR\` names another one.
Nothing has to be set: an absent file means the defaults below. An environment variable wins over the file, the file over
the default; an empty variable counts as unset. A key that does not exist and a value that is not allowed stop the start
with the file, the line, the key and the allowed values.

Lists are written \`["FE", "BE"]\` in the file; in the environment \`FE,BE\` works too. \`"unlimited"\` means no limit.
Every setting works from the next start, unless its meaning says "Changes at once." when set in the Settings window.

\`\`\`toml
# ~/.waiaas/config.toml
[server]
port = 3200

[bus]
roles = ["FE", "BE", "QA", "Producer"]
\`\`\`
`;

const WHEN: Record<SecretEffect, string> = { at_once: 'at once', next_run: 'from the next run', restart: 'from the next start' };
const SECRET_ROWS = SECRET_NAMES.map((name) => `| \`${name}\` | ${SECRETS[name].about} | ${WHEN[SECRETS[name].effect]} |`).join('\n');

const CHAPTER_OF_SECRETS = `## Secrets

Secrets never stand in \`config.toml\` and are never given on a command line. They come from the environment, else from the
secret store: the file \`.env\` of the data directory, which only you can read. As everywhere, the environment wins.

\`wheelhouse secret set NAME\` asks for the value, or reads it as one line of standard input; \`secret list\` shows what is set
and from where, \`secret remove NAME\` takes it out again. The windows Channels and Notifications do the same. A value goes in
and never comes out: nobody shows it, the log masks it.

The store is the \`.env\` that agents' credentials always lay in, rather than a file beside it: there is one file to protect,
to keep from agents and to move to another machine, and whoever edits it by hand still may. Lines are \`NAME=value\`, with quotes
around a value that has spaces or signs; comments and lines that Wheelhouse does not know stay as they are. A symbolic link, a
directory and a text that is not UTF-8 are refused, and a file that others can read is closed to them with a warning. A change
by hand counts for agents from their next run, for everything else from the next start.

| Name | Meaning | A change works |
|---|---|---|
${SECRET_ROWS}
| the names in \`[agents] credentials\` | What agents are given. A name of this table, \`REDIS_URL\` and every \`WAIAAS_\` name is refused there. | from the next run |
`;

/** The text of docs/configuration.md. */
export function configurationDocs(): string {
  const sections = new Map<string, SettingRow[]>();
  for (const row of settingRows()) sections.set(row.section, [...(sections.get(row.section) ?? []), row]);
  const chapters = [...sections].map(([section, rows]) => chapter(section, rows));
  return [INTRODUCTION, ...chapters, CHAPTER_OF_SECRETS].join('\n');
}

function chapter(section: string, rows: readonly SettingRow[]): string {
  const head = `## [${section}]\n\n| Key | Default | Allowed | Meaning |\n|---|---|---|---|\n`;
  return head + rows.map(line).join('');
}

function line({ key, env, setting }: SettingRow): string {
  const meaning = setting.live ? `${setting.about} Changes at once.` : setting.about;
  return `| \`${key}\`<br>\`${env}\` | \`${setting.type.toToml(setting.default)}\` | ${setting.type.accepts} | ${meaning} |\n`;
}
