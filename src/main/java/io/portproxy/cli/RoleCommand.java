package io.portproxy.cli;

import io.portproxy.config.source.Launch;

/** A command that is short for a start with properties. */
interface RoleCommand {

    /**
     * Adds what the options stand for.
     *
     * @throws WrongUseException an option is missing or makes no sense
     */
    void addTo(Launch.Builder launch, Secrets secrets);
}
