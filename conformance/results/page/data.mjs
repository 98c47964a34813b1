// Unpacks what columns.py packed: the run, column by column.

/** The run. A permutation is a number; `column.case[i]` is the number of its case, and so on. */
export async function load(text) {
  const bytes = Uint8Array.from(atob(text), (character) => character.charCodeAt(0));
  const stream = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("gzip"));
  return modelOf(await new Response(stream).json());
}

function modelOf({ tables, columns, notes, findings, run }) {
  const named = tables.case.map(([name, suite, clause]) => ({ name, suite, clause }));
  const configs = tables.config.map(([security, keyType]) => ({ security, keyType }));
  return {
    clients: tables.client,
    servers: tables.server,
    configs,
    cases: named,
    outcomes: tables.outcome,
    column: columns,
    count: columns.case?.length ?? 0,
    notes: new Map(
      notes.rows.map(([permutation, reason, transcript]) => [
        permutation,
        { reason: notes.texts[reason], transcript: notes.texts[transcript] },
      ]),
    ),
    commands: tables.command,
    findings,
    run,
  };
}

/** One permutation in words. */
export function permutation(model, i) {
  const { column } = model;
  const { security, keyType } = model.configs[column.config[i]];
  const { name, clause } = model.cases[column.case[i]];
  const client = model.clients[column.client[i]];
  const server = model.servers[column.server[i]];
  const full = `client=${client}/server=${server}/security=${security}/key_type=${keyType}/case=${name}`;
  return {
    client,
    server,
    security,
    keyType,
    clause,
    case: name,
    outcome: model.outcomes[column.outcome[i]],
    milliseconds: column.duration[i] / 10,
    reproduce: model.commands[column.command[i]] + full,
    ...(model.notes.get(i) ?? { reason: "", transcript: "" }),
  };
}

/** What programs said of themselves, by role and language. */
export function programOf(model, role, language) {
  return model.run.programs.find((program) => program.role === role && program.language === language);
}
