import Database from 'better-sqlite3';

const AT = { table: 'KILL_AT_TABLE', row: 'KILL_AT_ROW' } as const;

/** The environment in which a command kills itself without warning as it writes that row of a table, counted from 1. */
export function killedAtRow(table: string, row: number): Readonly<Record<string, string>> {
  return { NODE_OPTIONS: `--import=${import.meta.url}`, [AT.table]: table, [AT.row]: String(row) };
}

const { [AT.table]: table, [AT.row]: fatal } = process.env;
if (table !== undefined) {
  let rows = 0;
  const prepare = Database.prototype.prepare as (sql: string) => Database.Statement;
  Database.prototype.prepare = function counted(this: Database.Database, sql: string) {
    const statement = prepare.call(this, sql);
    if (!sql.includes(`INTO ${table}`)) return statement;
    const run = statement.run.bind(statement);
    statement.run = (...values: unknown[]) => {
      rows += 1;
      if (rows === Number(fatal)) process.kill(process.pid, 'SIGKILL');
      return run(...values);
    };
    return statement;
  } as typeof Database.prototype.prepare;
}
