import type { Phase } from '../../../domain/phase.ts';

/** O que demorou demais; cada texto começa uma frase. */
export const phases: Readonly<Record<Phase, string>> = {
  facts: 'A leitura do que está no GitHub',
  fetch: 'A busca dos documentos das releases',
  record: 'A escrita no GitHub',
  'look-up': 'A procura por uma escrita cuja resposta se perdeu',
  replace: 'O cancelamento de propostas antigas',
  images: 'A consulta ao registro de imagens',
  announce: 'O aviso a pull requests e issues',
  message: 'O envio de uma mensagem',
  history: 'A leitura do histórico de entregas'
};
