import { countOf } from '../../amounts.ts';
import type { DashboardTexts } from '../dashboard-texts.ts';

const count = (one: string, other: string) => (value: number) => countOf(value, { one, other }, 'pt-BR');
const deliveries = count('entrega', 'entregas');
const changes = count('mudança', 'mudanças');

export const dashboard: DashboardTexts = {
  title: (repository) => `Entrega de ${repository}`,
  skip: 'Pular para o conteúdo',
  contents: 'Nesta página',
  asOf: (moment) => `Situação em ${moment}`,
  zone: (zone) => `horários de ${zone}`,
  sections: {
    live: 'O que está no ar',
    waiting: 'O que espera',
    versions: 'Onde está cada versão',
    journey: 'O caminho de uma versão',
    metrics: 'Estamos melhorando?',
    history: 'Histórico'
  },
  nothingYet: 'Nada foi entregue ainda. A primeira entrega vai aparecer aqui.',
  noData: 'sem dados',
  none: 'nada',
  by: (names) => `de ${names}`,
  ago: (duration) => `há ${duration}`,
  changes,
  deliveries,
  versions: (value) => `em ${count('versão', 'versões')(value)}`,
  more: (value) => `mais ${value}`,
  rest: (value, link) => `${count('outro item', 'outros itens')(value)} em ${link}`,
  live: {
    since: (moment, duration) => `desde ${moment} (há ${duration})`,
    approvedBy: (names) => `aprovada por ${names}`,
    nothing: 'nada ainda',
    unknown: (version) => `não se sabe: a ${version} quebrou no meio do caminho`,
    open: (version, moment) => `${version} a caminho desde ${moment}`,
    visit: (environment) => `Abrir ${environment}`,
    matrixCaption: 'Onde está cada uma das versões mais novas',
    component: 'Componente',
    version: 'Versão',
    released: (moment) => `publicada em ${moment}`,
    states: {
      live: 'No ar',
      was: 'Já esteve no ar',
      failed: 'Falhou',
      broken: 'Não entrou no ar',
      withdrawn: 'Retirada',
      open: 'A caminho',
      waits: 'Espera',
      never: 'Nunca esteve',
      unknown: 'Não se sabe'
    },
    stopped: (title, author) => `A esteira está parada: ${title}, por ${author}.`,
    stoppedSince: (moment, duration) => `Nenhuma versão nova é entregue automaticamente desde ${moment} (${duration}).`
  },
  waiting: {
    nothing: (environment) => `Nada espera: ${environment} tem a versão mais nova.`,
    before: (environment) => `Antes de ${environment}`,
    oldest: (duration) => `a mais antiga há ${duration}`,
    stock: (changeDays) => `estoque de ${changeDays} mudanças-dia`,
    usual: (counted) => `em geral ${counted} por vez`,
    approve: (version) => `Aprovar a ${version}`,
    choose: (version) => `Entregar a ${version}`,
    byItself: 'Segue automaticamente: nenhuma aprovação é pedida.',
    runWaits: (duration) => `espera aprovação há ${duration}`,
    breaking: 'incompatível',
    untitled: (commit) => `Mudança ${commit}`
  },
  journey: {
    way: (version) => `O caminho da ${version}`,
    steps: {
      whole: 'Do primeiro commit à release',
      work: 'Do primeiro commit ao merge',
      build: 'Do merge à release',
      wait: (environment) => `Espera antes de ${environment}`,
      deliver: (environment) => `Entrega em ${environment}`
    },
    states: { running: 'até aqui', waiting: 'até aqui', failed: 'falhou' },
    inAll: (whole, share) => `${whole} ao todo, ${share} de espera.`,
    soFar: (whole, share) => `${whole} até aqui, ${share} de espera.`,
    earlier: 'Versões anteriores'
  },
  metrics: {
    names: {
      deployments: 'Frequência de implantação',
      'lead-time': 'Tempo de espera para mudanças (lead time)',
      'since-merge': 'Lead time desde o merge',
      'change-fail-rate': 'Taxa de falha de mudanças',
      'recovery-time': 'Tempo de recuperação de implantação com falha',
      'rework-rate': 'Taxa de retrabalho de implantação',
      'failed-attempts': 'Tentativas sem sucesso',
      'approval-wait': 'Espera pelo botão',
      unattended: 'Entregas sem intervenção humana',
      'batch-size': 'Mudanças por entrega',
      'manual-touches': 'Ações manuais por entrega'
    },
    rules: {
      deployments: 'Toda entrega que entrou no ar aqui. A que nunca entrou no ar não conta.',
      'lead-time':
        'Do primeiro commit de uma mudança até ela entrar no ar aqui pela primeira vez; a mediana de todas as mudanças. A primeira entrega de todas não tem.',
      'since-merge': 'A parte do lead time que veio depois do merge; a mediana de todas as mudanças.',
      'change-fail-rate':
        'Entregas que exigiram reversão, hotfix ou revert, não passaram na verificação ou pararam a esteira, sobre todas as entregas. Cada uma conta uma vez.',
      'recovery-time':
        'De uma entrega que falhou até a próxima boa; a mediana. As falhas ainda abertas aparecem à parte.',
      'rework-rate': 'Reversões, hotfixes e reverts, sobre todas as entregas.',
      'failed-attempts':
        'Tentativas que nunca entraram no ar, sobre todas as tentativas. Não contam como mudanças com falha.',
      'approval-wait':
        'Da comprovação no ambiente anterior até o começo da entrega, quando alguém precisava aprovar; a mediana.',
      unattended: 'Entregas que ninguém precisou iniciar nem aprovar, sobre todas as entregas.',
      'batch-size':
        'Mudanças novas em uma entrega, fora as reversões; a mediana. Lotes pequenos são mais fáceis de entender e de reverter.',
      'manual-touches':
        'O que pessoas precisam fazer em uma entrega; a mediana. Dois bastam: escolher a versão e apertar o botão.'
    },
    more: 'Mais sete números',
    days: (value) => `${value} dias`,
    aDay: (rate) => `${rate} por dia`,
    oneEvery: (duration) => `uma a cada ${duration}`,
    onDays: (value) => `em ${count('dia', 'dias')(value)}`,
    ofAll: (part, all) => `${part} de ${all}`,
    p90: (value) => `90% em até ${value}`,
    changes: (value) => `de ${changes(value)}`,
    open: (value) => `${value} em aberto`,
    target: (value) => `meta: ${value}`,
    before: (value) => `período anterior: ${value}`,
    reach: (moment) => `O histórico começa em ${moment}.`,
    unread: (value) => `As mudanças de ${count('versão', 'versões')(value)} ainda não foram lidas.`,
    unbegun: (value) => `O lead time de ${changes(value)} começa no merge: não foi possível ler o trabalho antes dele.`,
    quickCheck: {
      name: 'Quick Check da DORA',
      rule: 'Dá a cada um dos cinco números uma nota de 0 a 10; esta é a média delas. Não é meta e não serve para comparar equipes.',
      score: (value) => `${value} de 10`,
      throughput: (value) => `vazão ${value}`,
      stability: (value) => `estabilidade ${value}`
    },
    others: (environment) => `O mesmo para ${environment}`
  },
  trend: {
    title: 'Semana a semana',
    deployments: 'Entregas',
    lead: 'Lead time das mudanças',
    batch: 'Mudanças por entrega',
    rate: 'Taxa de falha',
    good: 'boas',
    failed: 'com falha',
    median: 'mediana',
    band: 'até 90%',
    week: 'Semana de',
    numbers: 'Os gráficos em tabela',
    newest: (value) => `Semana mais nova: ${value}`
  },
  history: {
    columns: {
      when: 'Quando',
      version: 'Versão',
      from: 'Antes dela',
      who: 'Aprovada por',
      changes: 'Mudanças',
      result: 'Resultado',
      again: 'De novo'
    },
    caption: (environment) => `As entregas mais novas em ${environment}`,
    again: 'Implantar de novo',
    nothingNew: 'nada de novo',
    asked: (name) => `pedida por ${name}`,
    byItself: 'automaticamente',
    results: {
      live: 'No ar agora',
      delivered: 'Entregue',
      rollback: 'Voltou',
      rebuild: 'Reconstruída',
      redeploy: 'A mesma versão de novo',
      failed: 'Não entrou no ar',
      'taken-back': 'Quebrou e foi retirada',
      withdrawn: 'Retirada',
      open: 'A caminho'
    },
    causes: {
      rollback: 'revertida',
      hotfix: 'hotfix',
      revert: 'desfeita',
      'failed-check': 'verificação falhou',
      incident: 'esteira parada'
    },
    wrong: (causes) => `Falhou: ${causes}`,
    recovered: (duration) => `recuperada em ${duration}`,
    stillOpen: (duration) => `em aberto há ${duration}`,
    overridden: (rules) => `regras deixadas de lado: ${rules}`,
    failures: count('com falha', 'com falha')
  },
  foot: {
    data: (link) => `Cada número, e tudo o que está por trás: ${link}`,
    noTitles: 'O que as pessoas escreveram ficou fora desta página.',
    made: 'Escrita pela Esteira a partir dos registros de implantação deste repositório. Onde nada se sabe está escrito sem dados, nunca zero.'
  }
};
