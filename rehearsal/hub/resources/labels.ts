import { invalid, notFound, paged, reads, writes } from '../call.ts';
import type { Call, Operations, Reply } from '../call.ts';
import type { Data, Label } from '../records.ts';
import type { World } from '../world.ts';
import { nodeId, repositoryApi } from '../world.ts';

export const findLabel = (data: Data, name: string): Label | undefined =>
  data.labels.find((label) => label.name.toLowerCase() === name.toLowerCase());

export const labelView = (world: World, label: Label): unknown => ({
  id: label.id,
  node_id: nodeId('LA', label.id),
  url: `${repositoryApi(world)}/labels/${encodeURIComponent(label.name)}`,
  name: label.name,
  description: label.description,
  color: label.color,
  default: false
});

const addLabel = (world: World, label: Omit<Label, 'id'>): Label => {
  const added: Label = { ...label, id: world.state.nextId() };
  world.state.write((data) => ({ ...data, labels: [...data.labels, added] }));
  return added;
};

/** Labels an issue names come into being with it; the names as the labels spell them. */
export const ensureLabels = (world: World, names: readonly string[]): readonly string[] =>
  names.map(
    (name) =>
      (findLabel(world.state.now().data, name) ?? addLabel(world, { name, color: 'ededed', description: null })).name
  );

const create = ({ world, body }: Call): Reply => {
  const name = body.text('name');
  if (findLabel(world.state.now().data, name) !== undefined) {
    throw invalid({ resource: 'Label', code: 'already_exists', field: 'name' });
  }
  const label = addLabel(world, {
    name,
    color: body.textOr('color', 'ededed'),
    description: body.textOr('description', null)
  });
  return { status: 201, body: labelView(world, label) };
};

const get = ({ world, view, params }: Call): Reply => {
  const label = findLabel(view.data, params.text('name'));
  if (label === undefined) throw notFound();
  return { status: 200, body: labelView(world, label) };
};

const list = (call: Call): Reply => {
  const { items, headers } = paged(call, call.view.data.labels);
  return { status: 200, headers, body: items.map((label) => labelView(call.world, label)) };
};

export const labels: Operations = {
  'issues/create-label': { needs: writes('issues'), run: create },
  'issues/get-label': { needs: reads('issues'), run: get },
  'issues/list-labels-for-repo': { needs: reads('issues'), run: list }
};
