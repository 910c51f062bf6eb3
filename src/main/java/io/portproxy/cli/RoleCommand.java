package io.portproxy.cli;

import io.portproxy.config.source.Launcher;

/** A command that is short for a start with properties. */
interface RoleCommand {

    /**
     * Adds what the options stand for.
     *
     * @throws WrongUseException an option is missing or makes no sense
     */
    void addTo(Launcher.Builder launch, Secrets secrets);

    /** Has the console told what happens while the role runs, if it is to be. Not for a start that is only checked. */
    default void listen(Launcher.Builder launch, Console console) {}
}
