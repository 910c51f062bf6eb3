package io.portproxy.cli;

import io.portproxy.config.source.Launcher;

/** A command that stands for a start with properties. */
interface RoleCommand {

    /**
     * Adds the properties that the options stand for.
     *
     * @throws WrongUseException an option is missing or makes no sense
     */
    void addTo(Launcher.Builder launch, Secrets secrets);

    /**
     * Registers a listener that prints on the console what happens while the role runs, if the command has one. Commands that
     * only check a start do not call this.
     */
    default void listen(Launcher.Builder launch, Console console) {}
}
