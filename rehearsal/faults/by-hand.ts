import type { Hub } from '../hub/index.ts';

/** What a person does at GitHub. */
export const openIssue = async (
  hub: Hub,
  issue: { readonly title: string; readonly labels?: readonly string[] }
): Promise<void> => {
  const reply = await fetch(`${hub.apiUrl}/repos/${hub.owner}/${hub.name}/issues`, {
    method: 'POST',
    headers: { authorization: `Bearer ${hub.personToken('ana')}`, 'content-type': 'application/json' },
    body: JSON.stringify(issue)
  });
  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
};
