# SPDX-License-Identifier: GPL-3.0-or-later
# bash completion for latchkeyctl, which knows itself what can come next.

_latchkeyctl ()
{
  local cur words cword
  _get_comp_words_by_ref -n '=:@' cur words cword || return

  # What is typed, without its quotes; these may be unfinished.
  local quote= typed= word i
  local -a before=()
  case $cur in
    \'* | \"*) quote=${cur:0:1} typed=${cur:1} ;;
    *) typed=${cur//\\/} ;;
  esac
  for ((i = 1; i < cword; i++)); do
    word=${words[i]}
    case $word in
      \'*\' | \"*\") word=${word:1:-1} ;;
      *) word=${word//\\/} ;;
    esac
    before+=("$word")
  done

  # Readline replaces only what follows the last of its breaks; an “@” itself too.
  local kept= breaks=${COMP_WORDBREAKS//[^=:@]/}
  if [[ -z $quote && -n $breaks && $cur == *[$breaks]* ]]; then
    kept=${cur%"${cur##*[$breaks]}"}
    kept=${kept%@}
  fi

  COMPREPLY=()
  while IFS=$'\t' read -r word _; do
    if [[ $word == :files ]]; then
      compopt -o default
      continue
    fi
    [[ -n $quote ]] || printf -v word %q "$word"
    COMPREPLY+=("${word#"$kept"}")
  done < <("${words[0]}" --complete "${before[@]}" "$typed" 2>/dev/null)
} &&
complete -F _latchkeyctl latchkeyctl
