import type { AnnounceNoteTexts, CommentTexts, NewsTexts } from '../catalogue.ts';

export const announceNotes: AnnounceNoteTexts = {
  'latest-moved': ({ version }) => `Para o GitHub, a ${version} agora é a release mais recente.`,
  'would-move-latest': ({ version }) => `Para o GitHub, a ${version} seria a release mais recente.`,
  'made-full': ({ version }) => `A ${version} agora é uma release completa, e não mais uma pré-release.`,
  'would-make-full': ({ version }) => `A ${version} se tornaria uma release completa.`,
  told: ({ written, same }) => `Comentários escritos ou alterados: ${written}. Já estavam certos: ${same}.`,
  'would-tell': ({ conversations }) => `Estes pull requests e estas issues seriam avisados: ${conversations}.`,
  'message-sent': ({ channel, environment }) => `A mensagem sobre ${environment} foi enviada (${channel}).`,
  'would-send': ({ channel, environment }) => `Uma mensagem sobre ${environment} seria enviada (${channel}).`,
  'told-first': (told) => `Só ${told.shown} de ${told.total} pull requests são avisados por vez: os mais novos.`,
  'releases-unlisted': () =>
    'Esta entrega reúne releases que o GitHub já não lista entre as 30 mais novas; os pull requests delas não são avisados.',
  'permission-needed': ({ permission }) => `Dê a este job a permissão ${permission}.`,
  'live-unknown': ({ environment }) => `Ninguém sabe o que está no ar em ${environment}; por isso nada foi anunciado.`,
  'nothing-announced': ({ why }) => `Não foi possível anunciar nada. ${why}`,
  'latest-not-moved': ({ why }) => `A release mais recente continua como estava. ${why}`,
  'not-made-full': ({ why }) => `A release que está no ar continua como pré-release. ${why}`,
  'not-told': ({ why }) => `Pull requests e issues não foram avisados, ou não todos. ${why}`,
  'message-not-sent': ({ why }) => `Uma mensagem não foi enviada. ${why}`,
  'conversation-not-told': ({ number, why }) => `O número ${number} não foi avisado. ${why}`,
  'told-later': ({ left }) =>
    `Ainda sem aviso: ${left} pull requests e issues. O GitHub não aceita mais de 500 comentários por hora; execute de novo daqui a uma hora.`,
  'comments-left': ({ run, minutes }) =>
    `Os comentários ficam como estão: há ${minutes} minutos outra execução escreve comentários: ${run}. Execute este passo de novo quando ela terminar.`,
  'comments-locked': ({ minutes }) =>
    `Os comentários ficam como estão: há ${minutes} minutos a referência refs/esteira/announcing está no caminho, e ela não diz qual execução a criou. Quando nenhum anúncio estiver em andamento, apague-a (git push origin :refs/esteira/announcing) e execute de novo.`,
  'lock-kept': ({ why }) =>
    `Não foi possível retirar o aviso de que há comentários sendo escritos; o próximo anúncio o retira quando esta execução terminar. ${why}`,
  'message-failed': ({ channel, problem }) => `Uma mensagem não chegou (${channel}): ${problem}.`,
  'channel-unset': ({ channel, variable }) =>
    `Nenhuma mensagem foi enviada (${channel}): o step não define a variável ${variable}.`
};

export const comment: CommentTexts = {
  holds: (version) => `A versão ${version} contém esta mudança. Onde ela está agora:`,
  there: (since, version) => `no ar desde ${since}, com a versão ${version}`,
  long: (version) => `no ar, ao menos desde a versão ${version}`,
  takenBack: (since, version) => `retirada em ${since}; lá está a versão ${version}, sem esta mudança`
};

export const news: NewsTexts = {
  delivered: (version, environment) => `a versão ${version} está no ar em ${environment}`,
  back: (version, environment) => `a versão ${version} voltou ao ar em ${environment}`,
  since: (changes, version) => `${changes} desde a ${version}`,
  without: (changes, version) => `No lugar da ${version}, sem ${changes} dela`,
  askedBy: (name) => `pedida por ${name}`,
  approvedBy: (names) => `aprovada por ${names}`,
  run: 'Execução'
};
