import type { Hub } from '../hub/index.ts';

/** What a person does at GitHub. */
export const openIssue = async (
  { apiUrl, owner, name, personToken }: Hub,
  issue: { readonly title: string; readonly labels?: readonly string[] }
): Promise<void> => {
  const reply = await fetch(`${apiUrl}/repos/${owner}/${name}/issues`, {
    method: 'POST',
    headers: { authorization: `Bearer ${personToken('ana')}`, 'content-type': 'application/json' },
    body: JSON.stringify(issue)
  });
  if (!reply.ok) throw new Error(`${reply.status} ${await reply.text()}`);
};
