import type { Delivery } from '../config/delivery.ts';
import type { Environment } from '../domain/environment.ts';
import type { Finding, Flaw, Severity } from '../domain/finding.ts';

const FILE = '.github/delivery.yml';

const inFile = (flaw: Flaw, file: string | undefined): Finding => ({
  severity: 'note',
  flaw,
  place: { kind: 'file', path: file ?? FILE, line: 1 }
});

const isLast = ({ name }: Environment, { environments }: Delivery): boolean =>
  environments.every(({ needs }) => !needs.includes(name));

const environmentFlaws = (environment: Environment, delivery: Delivery): readonly Flaw[] => {
  const { name, gate, needs } = environment;
  const others = delivery.environments.length > 1;
  return [
    ...(gate !== 'none' && needs.length === 0 && others
      ? [{ kind: 'nothing-needed', environment: name } as const]
      : []),
    ...(gate === 'none' && needs.length > 0 && isLast(environment, delivery)
      ? [{ kind: 'nobody-asked', environment: name } as const]
      : [])
  ];
};

/** What `delivery.yml` allows and somebody may not have meant. */
export const auditDelivery = (delivery: Delivery, asked: readonly Environment[]): readonly Finding[] => {
  const { file, process: procedure } = delivery;
  const flaws: Flaw[] = [
    ...(file === undefined ? [{ kind: 'no-config' } as const] : []),
    ...(file !== undefined && procedure.deploy === undefined ? [{ kind: 'no-deploy' } as const] : []),
    ...(procedure.deploy !== undefined && procedure.verify === undefined ? [{ kind: 'no-verify' } as const] : []),
    ...asked.flatMap((environment) => environmentFlaws(environment, delivery))
  ];
  return flaws.map((flaw) => inFile(flaw, file));
};

const ORDER: readonly Severity[] = ['broken', 'note', 'unchecked'];

/** False promises first, unknowns last; within each the order of the audit. */
export const bySeverity = (findings: readonly Finding[]): readonly Finding[] =>
  ORDER.flatMap((severity) => findings.filter((each) => each.severity === severity));
