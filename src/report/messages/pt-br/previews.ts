import { formFor } from '../../amounts.ts';
import type { NoteTexts, ProgressTexts, ReasonTexts, StatusTexts } from '../catalogue.ts';

const RULE = 'Uma prévia vive enquanto o seu pull request está aberto, e não mais do que `preview.expires`.';
const previews = (count: string): string =>
  `${count} ${formFor(Number(count), { one: 'prévia', other: 'prévias' }, 'pt-BR')}`;

/** How previews of pull requests end. */
export const previewReasons = {
  'preview-up': ({ preview, commit, until }) => ({
    what: `A prévia ${preview} mostra o commit ${commit}.`,
    why: `Ela fica até o pull request ser fechado, e no máximo até ${until}.`,
    next: 'Não há mais nada a fazer. O próximo commit a atualiza.'
  }),
  'preview-down': ({ preview }) => ({
    what: `A prévia ${preview} foi desfeita.`,
    next: 'Não há mais nada a fazer.'
  }),
  'previews-down': ({ count, previews: names }) => ({
    what: `Desfeito o que ninguém mais precisa, ${previews(count)}: ${names}.`,
    next: 'Não há mais nada a fazer.'
  }),
  'preview-there': ({ preview, commit }) => ({
    what: `A prévia ${preview} já mostra o commit ${commit}.`,
    next: 'Não há mais nada a fazer. Para fazê-la de novo, desfaça-a primeiro.'
  }),
  'preview-absent': ({ preview }) => ({
    what: `Não existe a prévia ${preview}.`,
    next: 'Não há mais nada a fazer.'
  }),
  'preview-wanted': ({ preview }) => ({
    what: `A prévia ${preview} fica: ela é necessária outra vez.`,
    why: RULE,
    next: 'Não há mais nada a fazer.'
  }),
  'previews-wanted': ({ count }) => ({
    what: `Há ${previews(count)}, e nenhum motivo para desfazer alguma.`,
    why: RULE,
    next: 'Não há mais nada a fazer.'
  }),
  'pull-closed': ({ pull }) => ({
    what: `O pull request ${pull} está fechado: ele não recebe prévia.`,
    next: 'Não há mais nada a fazer.'
  }),
  'pull-moved': ({ pull, commit, head }) => ({
    what: `O commit ${commit} não é mais o mais novo do pull request ${pull}.`,
    why: `A execução de ${head} faz a prévia.`,
    next: 'Não há mais nada a fazer.'
  }),
  'pull-from-fork': ({ pull }) => ({
    what: `O pull request ${pull} vem de um fork: ele não recebe prévia.`,
    why: 'Quem escreve em outro repositório não pode executar scripts com os direitos deste.',
    next: 'Não há mais nada a fazer. Para mostrá-lo, envie os commits para um branch deste repositório.'
  }),
  'preview-undefined': ({ lines }) => ({
    what: 'Ninguém escreveu como uma prévia é feita e desfeita: falta a seção `preview`.',
    next: 'Escreva estas linhas em `.github/delivery.yml`, adaptadas ao seu projeto.',
    lines
  }),
  'pull-unknown': ({ pull }) => ({
    what: `Não existe o pull request ${pull}.`,
    next: 'Corrija o número em `with: environment:` no workflow e execute de novo.'
  }),
  'preview-failed': ({ preview, problem }) => ({
    what: `Não foi possível fazer a prévia ${preview}: ${problem}.`,
    why: 'O que o script já tinha feito continua lá.',
    next: 'Leia o fim da saída no log, corrija a causa e envie a correção. Fechar o pull request desfaz tudo.'
  }),
  'preview-not-down': ({ preview, problem }) => ({
    what: `Não foi possível desfazer a prévia ${preview}: ${problem}.`,
    why: 'O que restou dela pode continuar custando dinheiro.',
    next: 'Leia o fim da saída no log e corrija a causa. A próxima execução sem pull request tenta de novo.'
  }),
  'previews-not-down': ({ previews: names }) => ({
    what: `Não foi possível desfazer estas prévias: ${names}.`,
    why: 'O que restou delas pode continuar custando dinheiro.',
    next: 'Leia as notas desta execução e o log, corrija a causa e execute de novo.'
  })
} satisfies Partial<ReasonTexts>;

export const previewNotes = {
  'preview-taken-over': ({ record, preview }) =>
    `O registro de implantação ${record} de ${preview} era de uma execução já encerrada; esta execução o fechou.`,
  'preview-gone': ({ preview, why }) =>
    ({
      closed: `${preview} foi desfeita, pois o seu pull request foi fechado.`,
      expired: `${preview} foi desfeita, pois o seu prazo acabou.`,
      abandoned: `${preview} foi desfeita, pois uma execução a deixou pela metade.`
    })[why],
  'preview-stays': ({ preview, why }) => `${preview} continua lá. ${why}`,
  'preview-busy': ({ preview, run }) => `Uma execução trabalha em ${preview}, que por isso ficou como está: ${run}.`,
  'previews-unlisted': ({ records }) =>
    `Só os ${records} registros mais novos foram vistos; uma prévia mais antiga do que todos eles não aparece.`
} satisfies Partial<NoteTexts>;

export const previewProgress = {
  'taking-down': ({ preview, why }) =>
    ({
      closed: `Desfazendo ${preview}: o seu pull request foi fechado`,
      expired: `Desfazendo ${preview}: o seu prazo acabou`,
      abandoned: `Desfazendo ${preview}: uma execução a deixou pela metade`
    })[why]
} satisfies Partial<ProgressTexts>;

export const previewStatus = {
  'preview-asked': ({ act, preview }) => ({ up: `Fazer ${preview}`, down: `Desfazer ${preview}` })[act],
  'preview-started': ({ act, preview }) => ({ up: `Fazendo ${preview}`, down: `Desfazendo ${preview}` })[act],
  'preview-ended': ({ act, preview }) => ({ up: `${preview} está no ar`, down: `${preview} foi desfeita` })[act],
  'preview-replaced': ({ preview }) => `${preview} já é outra, ou foi desfeita`
} satisfies Partial<StatusTexts>;
