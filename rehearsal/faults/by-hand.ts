import type { Hub } from '../hub/index.ts';

const ask = async (
  hub: Hub,
  { method, path, body }: { method: string; path: string; body: unknown }
): Promise<unknown> => {
  const reply = await fetch(`${hub.apiUrl}/repos/${hub.owner}/${hub.name}/${path}`, {
    method,
    headers: { authorization: `Bearer ${hub.personToken('ana')}`, 'content-type': 'application/json' },
    body: JSON.stringify(body)
  });
  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
  return reply.json();
};

/** What a person does at GitHub; the number of the issue. */
export const openIssue = async (
  hub: Hub,
  issue: { readonly title: string; readonly labels?: readonly string[] }
): Promise<number> =>
  Number(Reflect.get(Object(await ask(hub, { method: 'POST', path: 'issues', body: issue })), 'number'));

export const closeIssue = async (hub: Hub, number: number): Promise<void> => {
  await ask(hub, { method: 'PATCH', path: `issues/${number}`, body: { state: 'closed' } });
};
