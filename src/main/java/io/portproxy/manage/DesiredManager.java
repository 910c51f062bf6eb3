package io.portproxy.manage;

import io.portproxy.manage.DefinitionCheck.Pointers;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Shows and replaces everything that no file declares, as one document. Any thread. {@link #replaceAll} blocks. */
public final class DesiredManager {
    private final DesiredState state;

    /**
     * A remote in a document that contains all remotes.
     *
     * @param tokens all tokens that it will have; empty if it keeps its current ones
     */
    public record Entry(RemoteDefinition definition, Optional<List<RemoteToken>> tokens) {
        public Entry {
            tokens = tokens.map(List::copyOf);
        }
    }

    DesiredManager(DesiredState state) {
        this.state = state;
    }

    /** Returns all gateways and remotes of the store, without tokens. */
    public Desired all() {
        Kept kept = state.plan().kept();
        return new Desired(
                kept.gateways(),
                kept.remotes().stream().map(StoredRemote::definition).toList());
    }

    /** Returns all remotes of the store by name, with what the store keeps of their tokens. */
    public List<StoredRemote> remotes() {
        return state.plan().stored().values().stream()
                .map(PlannedRemote::stored)
                .toList();
    }

    /**
     * Replaces the content of the store with a document, completely or not at all. Remotes that stay keep their tokens, unless the document
     * has tokens for them. Throws what the methods of {@link RemoteManager} throw.
     *
     * @param wanted all gateways of the document (in a problem, the first is at {@code /gateways/0}); empty if they do not change
     * @param remotes all remotes of the document; in a problem, the first is at {@code /remotes/0}
     * @param precondition checks {@link #all}
     * @return the result, with the new {@link #all}
     */
    public Edited<Desired> replaceAll(
            Optional<List<GatewayDefinition>> wanted,
            List<Entry> remotes,
            Precondition precondition,
            ChangeOptions options) {
        List<GatewayDefinition> gatewaysNow = new ArrayList<>();
        List<RemoteDefinition> now = new ArrayList<>();
        ChangeResult result = state.change(options, draft -> {
            precondition.require(Tags.of(all()));
            requireEachOnce(wanted.orElse(List.of()), remotes);
            wanted.ifPresent(all -> putAll(all, draft));
            gatewaysNow.addAll(draft.gatewaysAfter());
            for (int i = 0; i < remotes.size(); i++) {
                RemoteDefinition remote = remotes.get(i).definition();
                if (state.plan().ofFile(remote.name()).isPresent()) {
                    draft.requireNew(remote.name());
                }
                now.add(draft.put(remote, remotes.get(i).tokens(), Pointers.at("/remotes/" + i)));
            }
            draft.removeOthers();
        });
        now.sort(Comparator.comparing(RemoteDefinition::name));
        return new Edited<>(result, new Desired(gatewaysNow, now));
    }

    private static void putAll(List<GatewayDefinition> gateways, Draft draft) {
        for (int i = 0; i < gateways.size(); i++) {
            Optional<GatewayDefinition> unused = draft.gateway(gateways.get(i).name()); // throws if it is a file's
            draft.put(gateways.get(i), "/gateways/" + i);
        }
        draft.removeOtherGateways();
    }

    private static void requireEachOnce(List<GatewayDefinition> gateways, List<Entry> remotes) {
        List<ChangeProblem> problems = new ArrayList<>(twice(
                "/gateways/",
                gateways.stream().map(GatewayDefinition::name).toList(),
                "give each gateway a name of its own"));
        problems.addAll(twice(
                "/remotes/",
                remotes.stream().map(entry -> entry.definition().name()).toList(),
                "give each remote one entry, with all of its ports"));
        if (!problems.isEmpty()) {
            throw new InvalidChangeException(problems);
        }
    }

    private static List<ChangeProblem> twice(String pointer, List<String> names, String fix) {
        Map<String, Integer> indexByName = new HashMap<>();
        List<ChangeProblem> problems = new ArrayList<>();
        for (int i = 0; i < names.size(); i++) {
            Integer other = indexByName.putIfAbsent(names.get(i), i);
            if (other != null) {
                problems.add(new ChangeProblem(
                        pointer + i + "/name",
                        Optional.of(names.get(i)),
                        "is the same as " + pointer + other + "/name",
                        fix));
            }
        }
        return problems;
    }
}
