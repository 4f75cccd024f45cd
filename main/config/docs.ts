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

const SECRETS = `## Secrets

Secrets come only from the environment, never from the file.

| Variable | Meaning |
|---|---|
| \`CO_BUS_KEY\` | The shared key of the team bus, at least 16 characters. With it clients without a session token may connect; they name their role themselves and are shown as unverified. Unset: every client needs a session token. |
| \`ANU_BOT_TOKEN\` | The token of the Telegram bot that carries notices, from @BotFather. |
| \`DISCORD_WEBHOOK_URL\` | The webhook of the Discord channel that gets notices. |
| \`NTFY_TOKEN\` | The access token of the ntfy server, where it needs one. |
`;

/** The text of docs/configuration.md. */
export function configurationDocs(): string {
  const sections = new Map<string, SettingRow[]>();
  for (const row of settingRows()) sections.set(row.section, [...(sections.get(row.section) ?? []), row]);
  const chapters = [...sections].map(([section, rows]) => chapter(section, rows));
  return [INTRODUCTION, ...chapters, SECRETS].join('\n');
}

function chapter(section: string, rows: readonly SettingRow[]): string {
  const head = `## [${section}]\n\n| Key | Default | Allowed | Meaning |\n|---|---|---|---|\n`;
  return head + rows.map(line).join('');
}

function line({ key, env, setting }: SettingRow): string {
  const meaning = setting.live ? `${setting.about} Changes at once.` : setting.about;
  return `| \`${key}\`<br>\`${env}\` | \`${setting.type.toToml(setting.default)}\` | ${setting.type.accepts} | ${meaning} |\n`;
}
