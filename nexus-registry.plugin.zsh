# For plug-in managers of zsh: the integration itself is shell/hook.zsh. The program is the one beside it when that is
# built (npm ci), else the one on PATH.
source "${${(%):-%x}:A:h}/shell/hook.zsh"
