package io.portproxy.manage;

import io.portproxy.server.RemoteSettings;
import java.util.List;
import java.util.Optional;

/**
 * A remote of the desired state.
 *
 * @param definition the remote as it is configured
 * @param file the file that declares and owns the remote; empty if the store keeps it
 * @param tokens the tokens that the store keeps for the remote
 * @param settings what is exposed of the remote; empty if {@code problems} prevent that
 * @param problems why the remote is not exposed; only a remote of the store can have problems
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

    /** Returns a remote that a file declares. */
    public static PlannedRemote ofFile(RemoteDefinition definition, String file, RemoteSettings settings) {
        return new PlannedRemote(definition, Optional.of(file), List.of(), Optional.of(settings), List.of());
    }

    /** Returns the remote's name. */
    public String name() {
        return definition.name();
    }

    /** Returns the number of its ports and hosts. */
    int ports() {
        return settings.map(RemoteSettings::size).orElseGet(definition::size);
    }

    /** Returns a copy with other settings. */
    PlannedRemote withSettings(Optional<RemoteSettings> others) {
        return new PlannedRemote(definition, file, tokens, others, problems);
    }

    /** Returns a copy that is not exposed. */
    PlannedRemote keptBack(ChangeProblem why) {
        return new PlannedRemote(definition, file, tokens, Optional.empty(), List.of(why));
    }

    /** Returns a copy without the file. */
    PlannedRemote withoutFile() {
        return new PlannedRemote(definition, Optional.empty(), tokens, settings, problems);
    }

    /** Returns the remote as the store keeps it. */
    StoredRemote stored() {
        return new StoredRemote(definition, tokens);
    }
}
