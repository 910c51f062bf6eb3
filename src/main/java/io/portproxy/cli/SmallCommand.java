package io.portproxy.cli;

/** A command that answers by itself. */
interface SmallCommand {

    /**
     * Does it.
     *
     * @throws WrongUseException what was given makes no sense
     */
    void run(Console console);
}
