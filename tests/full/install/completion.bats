#!/usr/bin/env bats
# --completions: what each shell makes of it.

load ../common

setup()
{
    cd "$BATS_TEST_TMPDIR" || return 1
    for shell in bash zsh fish; do
        "$RNNC" --completions=$shell >$shell
    done
    mkdir -p usr bin
    ln -s "$RNNC" bin/rnnc
    export PATH="$PWD/bin:$PATH" HOME=$PWD LC_ALL=C.UTF-8
    touch model.json 'other model.json'
}

# The options of --help that are built.
options()
{
    "$RNNC" --help | # a line each
        awk '/^ ? ? ? ? ? ?-/ || !/^      / { print line; line = "" }
             { line = line $0 } END { print line }' |
        grep -v '(not  *built  *yet)$' |
        grep -oE -- '^ +(-[A-Za-z]+)?(, | +)?(--[a-z-]+)?' |
        grep -oE -- '--?[A-Za-z-]+' | sort
}

# each ARRAY of words, the last is to be completed; "=" is a word to bash
in_bash()
{
    bash --norc -c 'source ./bash
        COMP_WORDS=("$@") COMP_CWORD=$(($# - 1))
        word=${COMP_WORDS[COMP_CWORD]}
        _rnnc rnnc "${word#=}" "${COMP_WORDS[COMP_CWORD - 1]}"
        printf "%s\n" "${COMPREPLY[@]}"' - "$@"
}

in_fish()
{
    fish --no-config -c 'source ./fish; complete -C $argv[1]' "$1" | cut -f 1
}

# zsh completes in a line editor only: a terminal of its own, where the widget
# prints what compadd was given.
in_zsh()
{
    # shellcheck disable=SC2016 # zsh's variables
    zsh -f -c '
zmodload zsh/zpty
zpty z zsh -f -i
zpty -w z "PS1=; stty -echo; cp zsh _rnnc; fpath=(\$PWD \$fpath)
autoload -U compinit; compinit -u -d ./dump; unsetopt zle_bracketed_paste
compadd() { [[ \$@[1,(i)(-|--)] == *-(O|A|D)\\ * ]] && { builtin compadd \"\$@\"; return }
    typeset -a found; builtin compadd -A found \"\$@\"
    print -rl -- \"<\"\${^found}\">\"; builtin compadd \"\$@\" }
bindkey \"^I\" complete-word; zle -C complete-word complete-word done_word
done_word() { _main_complete; print -r -- \"<END>\"; compstate[insert]=; compstate[list]= }
print -r -- \"<\"READY\">\""
zpty -r -m z line "*<READY>*"
zpty -w -n z "$1"$'\''\t'\''
zpty -r -m z line "*<END>*"
print -r -- "$line"
zpty -d z' - "$1" | tr -d '\r' | grep -oE '<[^>]+>' | tr -d '<>' |
        grep -vx 'READY\|END'
}

@test "bash: values, names, files" {
    [ "$(in_bash rnnc --type = fl)" = float ]
    [ "$(in_bash rnnc --type = '')" = "float
double" ]
    [ "$(in_bash rnnc --type =)" = "float
double" ]
    [ "$(in_bash rnnc --type do)" = double ]
    [ "$(in_bash rnnc --weight-)" = --weight-text= ]
    [ "$(in_bash rnnc -M)" = "-MD
-MF
-MT
-MP" ]
    [ "$(in_bash rnnc --format gui)" = guitarml ]
    [ "$(in_bash rnnc --report = j)" = json ]
    # Left to readline: a file.
    for last in -o --samples -MF --report; do
        [ "$(in_bash rnnc $last m)" = "" ]
    done
    [ "$(in_bash rnnc m)" = "" ]
}

@test "bash: a real command line with Tab" {
    command -v script || skip "no script"
    export INPUTRC=/dev/null TERM=dumb
    line=$(printf 'source ./bash\nrnnc --check --typ\tdo\t mod\t --ver\t; exit\n' |
        script -qec 'bash --norc --noprofile -i' /dev/null)
    echo "$line"
    [[ $line == *"rnnc "*"MIT licence"* ]]
}

@test "bash: every option that is built" {
    diff <(in_bash rnnc - | tr -d = | sort) <(options)
}

@test "fish: values, names, files" {
    command -v fish || skip "no fish"
    [ "$(in_fish 'rnnc --type=fl')" = --type=float ]
    [ "$(in_fish 'rnnc --type do')" = double ]
    [ "$(in_fish 'rnnc --report=j')" = --report=json ]
    [ "$(in_fish 'rnnc --format=gui')" = --format=guitarml ]
    [ "$(in_fish 'rnnc mod')" = model.json ]
    [ "$(in_fish 'rnnc -o mod')" = model.json ]
    [ "$(in_fish 'rnnc -n mod')" = "" ]
}

@test "fish: every option that is built" {
    command -v fish || skip "no fish"
    diff <({ in_fish 'rnnc -'; in_fish 'rnnc --'; } | tr -d = | sort -u) \
        <(options)
}

@test "zsh: values, names, files" {
    command -v zsh || skip "no zsh"
    [ "$(in_zsh 'rnnc --type=fl')" = float ]
    [ "$(in_zsh 'rnnc --type=')" = "float
double" ]
    [ "$(in_zsh 'rnnc --report=j')" = json ]
    [ "$(in_zsh 'rnnc --format=gui')" = guitarml ]
    [ "$(in_zsh 'rnnc mod')" = model.json ]
    [ "$(in_zsh 'rnnc -o mod')" = model.json ]
}

@test "zsh: every option that is built" {
    command -v zsh || skip "no zsh"
    diff <(in_zsh 'rnnc -' | sed 's/[=+-]*$//' | sort -u) <(options)
}

@test "--completions is hidden, and strict" {
    run "$RNNC" --help
    says_not completions
    run "$RNNC" --completions=csh
    [ "$status" = 2 ]
    says 'expected bash, zsh or fish, got "csh"'
    run "$RNNC" --completions
    [ "$status" = 2 ]
}
