import { countOf, durationOf, sizeOf } from '../../amounts.ts';
import type { NoteTexts, ProgressTexts, ReleaseTexts, StatusTexts, StopTexts, SummaryTexts } from '../catalogue.ts';
import { announceNotes } from './announcement.ts';
import { previewNotes, previewProgress, previewStatus } from './previews.ts';

const count = (one: string, other: string) => (value: number) => countOf(value, { one, other }, 'pt-BR');
const changes = count('mudança', 'mudanças');
const files = count('arquivo', 'arquivos');
const releases = count('release', 'releases');
const size = (bytes: number): string => sizeOf(bytes, 'pt-BR');
const duration = (seconds: number): string => durationOf(seconds, 'pt-BR');

export const notes: NoteTexts = {
  ...announceNotes,
  ...previewNotes,
  'approver-unknown': () => 'O GitHub não informa quem aprovou esta execução.',
  'self-approved': ({ user }) =>
    `${user} iniciou e aprovou esta entrega por conta própria. "Prevent self-review" exigiria uma segunda pessoa.`,
  'admins-can-bypass': ({ environment }) =>
    `Administradores podem pular a aprovação de ${environment}: "Allow administrators to bypass" está ligado.`,
  'line-stopped': ({ url }) => `A esteira fica parada até que esta issue seja fechada: ${url}.`,
  'line-not-stopped': () =>
    'NÃO foi possível parar a esteira: falta ao job `issues: write`. Novas versões continuam sendo entregues.',
  overridden: ({ code, by }) => `${by} assumiu a responsabilidade por passar da regra ${code}.`,
  'not-retired': ({ problem }) =>
    `O registro da versão substituída continua aberto; a próxima entrega o fecha. ${problem}`,
  'took-over': ({ record }) =>
    `O registro de implantação ${record} era de uma execução já terminada; foi fechado como erro.`,
  'record-left-open': ({ record, environment }) =>
    `O registro de implantação ${record} de ${environment} não pôde ser fechado a tempo e continua aberto; a próxima entrega ali o fecha.`,
  'way-back-finished': ({ from, to, environment, run }) =>
    `A ${from} falhou em ${environment}, e a execução que estava voltando terminou antes da hora (${run}): esta execução concluiu a volta primeiro, e a ${to} está no ar de novo.`,
  'way-back-failed': ({ from, environment, run, why }) =>
    `A ${from} falhou em ${environment}, e a execução que estava voltando terminou antes da hora (${run}). Esta execução tentou de novo, sem sucesso: ${why} Inicie um rollback manualmente ou entregue uma versão que funcione.`,
  unverified: ({ version }) => `Ninguém verificou se a ${version} funciona: ela não tem a seção \`verify:\`.`,
  'script-note': ({ text }) => text,
  'not-before': ({ why }) => `Não aperte o botão ainda: a entrega seria recusada. ${why}`,
  'wait-timer': ({ minutes, environment }) =>
    `O GitHub só deixa a entrega em ${environment} começar ${count('minuto', 'minutos')(minutes)} depois do pedido ("Wait timer").`,
  stock: (stock) =>
    `Há trabalho se acumulando antes de ${stock.environment}: ${changes(stock.changes)} à espera, e o limite é de ${stock.limit} por vez. Entregue mais vezes.`,
  'stock-old': ({ seconds, environment }) =>
    `Uma mudança espera há ${duration(seconds)} por ${environment}. O que espera mais de uma semana não ajuda ninguém enquanto isso e fica mais arriscado a cada dia.`,
  'documents-unread': (unread) =>
    `As mudanças de ${releases(unread.releases)} ainda não foram lidas; um relatório que encontrar este \`delivery.json\` continua a leitura. Até lá, os lead times não as contam.`,
  'beginnings-unread': (unread) =>
    `Quando começou o trabalho em ${changes(unread.changes)} ainda não foi lido; um relatório que encontrar este \`delivery.json\` continua a leitura. Até lá, esses lead times começam no merge.`,
  'beginnings-unseen': (unseen) =>
    `Não foi possível ver quando começou o trabalho em ${changes(unseen.changes)}; esses lead times começam no merge. Dê \`${unseen.needs}\` ao job para contar o trabalho anterior.`,
  'waiting-unseen': ({ needs }) =>
    `Não foi possível ver se há uma execução à espera de aprovação. Dê \`${needs}\` ao job para mostrá-la.`,
  'changes-cut': ({ shown, total }) =>
    `Esta entrega reúne ${releases(total)}; aqui aparecem as mudanças de ${shown} delas.`,
  'changes-unread': ({ version }) =>
    `As mudanças da ${version} não aparecem aqui: a release dela está danificada ou incompleta.`,
  'older-unlisted': (unlisted) =>
    `Há mais de ${changes(unlisted.changes)} à espera: o GitHub lista só as 30 releases mais novas por vez.`,
  'proposal-replaced': ({ url }) =>
    `Uma execução mais antiga que ainda esperava aqui foi cancelada, pois esta a substitui: ${url}.`,
  'newer-waiting': ({ url }) => `Uma execução mais nova já espera aqui: ${url}. Aprove aquela.`,
  'proposal-not-replaced': ({ url, why }) =>
    `Uma execução mais antiga talvez ainda espere aqui e não pôde ser cancelada: ${url}. ${why} A versão dela seria recusada como superada.`
};

export const progress: ProgressTexts = {
  ...previewProgress,
  deciding: ({ version, environment }) => `A ${version} pode ir para ${environment}?`,
  building: ({ version }) => `Construindo ${version}`,
  packing: () => 'Empacotando os arquivos',
  packed: (packed) => `${files(packed.files)} no pacote: ${size(packed.bytes)} em ${duration(packed.seconds)}`,
  'image-resolved': ({ image, digest }) => `A imagem ${image} é ${digest}`,
  'image-tagged': ({ image, digest }) => `A imagem ${image} agora aponta para ${digest}`,
  'tag-created': ({ tag }) => `Tag ${tag} criada`,
  'tag-found': ({ tag }) => `A tag ${tag} já existe`,
  uploading: ({ name, bytes }) => `Enviando ${name} (${size(bytes)})`,
  uploaded: ({ name, bytes }) => `${name} enviado (${size(bytes)})`,
  'asset-found': ({ name, bytes }) => `${name} (${size(bytes)}) já está lá`,
  published: ({ url }) => `Release publicada: ${url}`,
  ticket: ({ record, environment }) => `Registro de implantação ${record} aberto para ${environment}`,
  queued: ({ environment, holder }) => `Esperando terminar outra entrega em ${environment}: ${holder}`,
  'took-over': ({ record, environment }) =>
    `Registro de implantação ${record} de ${environment} fechado: sua execução já terminou`,
  fetching: ({ name, bytes }) => `Baixando ${name} (${size(bytes)})`,
  proven: (proven) => `Cada byte está como foi construído: ${files(proven.files)}, ${proven.digest}`,
  running: ({ label, script }) => `Executando ${label}: ${script}`,
  ran: ({ label, seconds }) => `Terminou ${label} em ${duration(seconds)}`,
  attempt: ({ number, inRow, needed, problem }) =>
    problem === undefined
      ? `Tentativa de verificação ${number}: boa, ${inRow} de ${needed} seguidas`
      : `Tentativa de verificação ${number}: ainda não, ${problem}`,
  verified: ({ version, environment, attempts }) =>
    `A ${version} funciona em ${environment}, após ${count('tentativa', 'tentativas')(attempts)}`,
  replacing: ({ run, environment }) => `Cancelando uma execução mais antiga que espera por ${environment}: ${run}`,
  broken: ({ why }) => why,
  'rolling-back': ({ from, to, environment }) => `Voltando da ${from} para a ${to} em ${environment}`,
  rehearsing: ({ from, to, environment }) => `Ensaiando a volta da ${from} para a ${to} em ${environment}`
};

export const status: StatusTexts = {
  ...previewStatus,
  record: ({ delivery, version }) =>
    ({ deploy: `Entregar ${version}`, rollback: `Voltar para ${version}`, rebuild: `Reconstruir com ${version}` })[
      delivery
    ],
  queued: ({ behind }) => `Esperando: a ${behind} está sendo entregue`,
  started: ({ version }) => `Implantando ${version}`,
  succeeded: ({ version }) => `${version} está no ar`,
  replaced: ({ version }) => `Substituída pela ${version}`,
  'run-died': ({ run }) => `A execução ${run} acabou antes da entrega`,
  ended: ({ why }) => why
};

export const summary: SummaryTexts = {
  headline: {
    plan: 'Plano',
    build: 'Construída',
    release: 'Publicada',
    propose: 'Proposta',
    deploy: 'Entregue',
    rollback: 'Revertida a pedido',
    verify: 'Funciona',
    announce: 'Anunciada',
    report: 'Relatório de entregas',
    up: 'Prévia feita',
    down: 'Prévia desfeita',
    doctor: 'Examinada',
    'dry-run': 'Simulação',
    'nothing-to-do': 'Nada a fazer',
    refused: 'Não foi feito',
    failed: 'Falhou',
    'rolled-back': 'Falhou e foi revertida'
  },
  columns: {
    environment: 'Ambiente',
    version: 'Versão',
    since: 'No ar desde',
    approvedBy: 'Aprovada por',
    waiting: 'Esperando',
    ready: 'Versão mais nova',
    before: 'Antes',
    last: 'Última entregue',
    live: 'No ar agora',
    failed: 'Versão que falhou',
    changes: 'Mudanças',
    release: 'Release',
    proven: 'Comprovada em',
    approvers: 'Quem pode aprovar',
    button: 'O botão'
  },
  machine: {
    title: 'Detalhes para máquinas',
    command: 'Comando',
    decision: 'Decisão',
    reason: 'Código do motivo',
    commit: 'Commit',
    tag: 'Tag',
    digest: 'Digest',
    record: 'Registro de implantação',
    run: 'Execução'
  },
  nothing: 'nada ainda',
  unknown: 'não se sabe',
  ready: {
    nothing: 'nada para levar',
    now: 'já pode ir para lá',
    asked: 'pode ir para lá quando alguém liberar',
    built: 'pode ir para lá depois de construída'
  },
  readyAfter: (environments) => `pode ir para lá depois de funcionar em ${environments}`,
  next: 'Próximo passo:',
  nobody: 'sem aprovação exigida',
  none: 'nada',
  changes,
  more: (value) => `mais ${value}`,
  by: (names) => `de ${names}`,
  ago: (time) => `há ${time}`,
  oldest: (time) => `a mais antiga esperou ${time}`,
  breaking: 'incompatível',
  card: {
    releases,
    inReleases: (counted, within) => `${counted} em ${within}`,
    atLeast: (counted) => `ao menos ${counted}`,
    goingBack: 'volta para uma versão mais antiga',
    oneOf: (names) => `${names}; basta uma pessoa`,
    notStarter: 'menos quem iniciou esta execução',
    starterToo: 'quem iniciou esta execução também pode aprovar',
    review: 'Abrir "Review deployments"'
  }
};

export const release: ReleaseTexts = {
  groups: { breaking: 'Mudanças incompatíveis', feat: 'Novidades', fix: 'Correções', perf: 'Mais rápido' },
  others: (value) => `Outras mudanças (${value})`,
  since: (counted, previous) => `${counted} desde a ${previous}`,
  first: (counted) => `Primeira versão: ${counted}`,
  compare: 'Todas as mudanças lado a lado',
  cut: (value, link) => `Não couberam aqui mais ${changes(value)}: a lista completa está em ${link}.`,
  check: 'Confira o que você baixa',
  digest: 'Digest',
  images: 'Imagens',
  how: 'As duas somas de verificação precisam ser as que a mensagem da tag informa:'
};

export const stop: StopTexts = {
  title: (version, environment) => `Esteira parada: a ${version} falhou em ${environment}`,
  effect:
    'Enquanto esta issue estiver aberta, nenhuma versão nova é entregue automaticamente. Voltar a uma versão anterior continua possível.',
  resume: 'Para continuar: faça o merge de uma correção e depois feche esta issue.',
  run: 'O que aconteceu, passo a passo'
};

/** Causas que os comandos informam só com números. */
const PROBLEMS: readonly (readonly [form: RegExp, said: string])[] = [
  [/^exit code (\d+)$/, 'o script terminou com o código de saída $1'],
  [/^timeout (\d+) s$/, 'o script não terminou em $1 segundos'],
  [/^status (\d+), not (\d+)$/, 'o endereço respondeu com o status $1 em vez de $2'],
  [/^body without (".*")$/, 'a resposta não contém $1'],
  [/^record (\d+): \w+$/, 'a última implantação lá (registro $1) não terminou bem'],
  [/^no answer \((.*)\)$/, 'sem resposta ($1)'],
  [/^not found \(404\)$/, 'não encontrada (404)'],
  [/^the repository has no commit yet$/, 'o repositório ainda não tem commits'],
  [/^scripts need a Linux or macOS runner$/, 'scripts precisam de um runner Linux ou macOS'],
  [/^flapping$/, 'respostas boas e ruins se alternaram']
];

export const problem = (text: string): string => {
  const found = PROBLEMS.find(([form]) => form.test(text));
  return found === undefined ? text : text.replace(...found);
};
