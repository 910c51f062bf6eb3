package io.portproxy.manage;

import io.portproxy.server.RemoteSettings;
import java.util.List;
import java.util.Optional;

/**
 * A remote of the desired state.
 *
 * @param definition what it is
 * @param file the file that declares it, and so owns it; empty if the store has it
 * @param tokens those that the store has for it
 * @param settings what is exposed of it; empty if {@code problems} keep it back
 * @param problems why it is not exposed: a remote of the store beside what files say
 */
public record PlannedRemote(
        RemoteDefinition definition,
        Optional<String> file,
        List<RemoteToken> tokens,
        Optional<RemoteSettings> settings,
        List<ChangeProblem> problems) {

    public PlannedRemote {
        tokens = List.copyOf(tokens);
        problems = List.copyOf(problems);
    }

    /** One that a file declares. */
    public static PlannedRemote ofFile(RemoteDefinition definition, String file, RemoteSettings settings) {
        return new PlannedRemote(definition, Optional.of(file), List.of(), Optional.of(settings), List.of());
    }

    /** The remote's name. */
    public String name() {
        return definition.name();
    }

    /** How many ports and hosts it has. */
    int ports() {
        return settings.map(RemoteSettings::size).orElseGet(definition::size);
    }

    /** The same with other settings. */
    PlannedRemote withSettings(Optional<RemoteSettings> others) {
        return new PlannedRemote(definition, file, tokens, others, problems);
    }

    /** The same, not exposed. */
    PlannedRemote keptBack(ChangeProblem why) {
        return new PlannedRemote(definition, file, tokens, Optional.empty(), List.of(why));
    }

    /** The same, wherever it is from. */
    PlannedRemote withoutFile() {
        return new PlannedRemote(definition, Optional.empty(), tokens, settings, problems);
    }

    /** As the store keeps it. */
    StoredRemote stored() {
        return new StoredRemote(definition, tokens);
    }
}
