import type { Catalogue } from './catalogue.ts';
import { comment, news } from './pt-br/announcement.ts';
import { dashboard } from './pt-br/dashboard.ts';
import { decisions } from './pt-br/decisions.ts';
import { digest } from './pt-br/digest.ts';
import { findings } from './pt-br/findings.ts';
import { failures } from './pt-br/failures.ts';
import { previewReasons } from './pt-br/previews.ts';
import { notes, problem, progress, release, status, stop, summary } from './pt-br/words.ts';

/*
 * Glossary, the same word everywhere:
 *   delivery line       esteira              continuous delivery  entrega contínua
 *   deliver, delivery   entregar, entrega    deploy               implantar, implantação
 *   roll back, rollback reverter, reversão   go back to           voltar para
 *   live                no ar                environment          ambiente
 *   build (noun)        o build              built                construída
 *   release (noun)      a release            released             publicada
 *   soak                observação           change               mudança
 *   breaking change     mudança incompatível record               registro de implantação
 *   stopped line        esteira parada       dry run              simulação
 *   run (of a workflow) execução             registry             registro de imagens
 *   preview             prévia               take down            desfazer
 * Kept in English, as Brazilian teams say them: tag, commit, merge, hotfix, lead time, issue, job, script, workflow,
 * log, digest, token, status; names of buttons and pages of GitHub; names of commands and inputs.
 */
export const ptBr: Catalogue = {
  reasons: { ...decisions, ...failures, ...previewReasons },
  findings,
  digest,
  notes,
  progress,
  status,
  summary,
  release,
  stop,
  comment,
  news,
  dashboard,
  problem
};
