package io.portproxy.cli;

/** A command that does its work at once and starts no role. */
interface SmallCommand {

    /**
     * Runs the command.
     *
     * @throws WrongUseException the options or the input make no sense
     */
    void run(Console console);
}
