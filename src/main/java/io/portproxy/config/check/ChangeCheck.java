package io.portproxy.config.check;

import io.portproxy.config.problem.ListenProblem;
import io.portproxy.config.problem.Place;
import io.portproxy.config.problem.Problem;
import io.portproxy.config.problem.Problems;
import io.portproxy.config.problem.WrittenValues;
import io.portproxy.manage.ChangeProblem;
import io.portproxy.manage.DefinitionCheck;
import io.portproxy.manage.RemoteDefinition;
import io.portproxy.net.ListenException;
import io.portproxy.server.RemoteSettings;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.IntFunction;

/** Checks remotes that come in while the process runs, by the rules that those of files have to keep. */
public final class ChangeCheck implements DefinitionCheck {
    private final Consumer<ListenAddresses> others;

    /** @param others takes the addresses of everything in this process that is no remote's */
    ChangeCheck(Consumer<ListenAddresses> others) {
        this.others = others;
    }

    @Override
    public Session begin(Collection<RemoteSettings> there) {
        Problems problems = new Problems();
        ListenAddresses addresses = new ListenAddresses(problems);
        others.accept(addresses);
        addresses.claim(there);
        RemoteCheck remotes = new RemoteCheck(addresses, Set.of(), problems);
        there.forEach(remote -> remotes.take(remote.name(), Place.property("the name of another remote")));
        return (remote, pointers, bound) -> {
            Result result = check(remote, pointers, remotes, problems);
            return result.settings().isEmpty() && bound.isPresent() && stays(bound.get(), pointers, problems, addresses)
                    ? new Result(bound, List.of())
                    : result;
        };
    }

    /** Whether nothing is wrong but that names cannot be resolved now, and what they stood for is still free for it. */
    private static boolean stays(
            RemoteSettings bound, DefinitionCheck.Pointers pointers, Problems problems, ListenAddresses addresses) {
        Place place = Place.body(pointers.remote());
        if (!problems.all().stream()
                .filter(problem -> place.contains(problem.place()))
                .allMatch(Problem::mayPass)) {
            return false;
        }
        boolean free = true;
        for (int i = 0; i < bound.ports().size(); i++) {
            Place bind = PortCheck.bind(Place.body(pointers.port(i)));
            free &= !problems.areAt(bind)
                    || addresses.take(bind, bound.ports().get(i).bind());
        }
        return free;
    }

    private static Result check(
            RemoteDefinition remote, DefinitionCheck.Pointers pointers, RemoteCheck remotes, Problems problems) {
        int before = problems.all().size();
        IntFunction<Place> portPlace = index -> Place.body(pointers.port(index));
        Place place = Place.body(pointers.remote());
        Optional<RemoteSettings> settings =
                remotes.run(place, portPlace, Definitions.properties(remote, problems, place, portPlace));
        List<Problem> found = problems.all();
        return new Result(
                settings,
                found.subList(before, found.size()).stream()
                        .map(ChangeCheck::problem)
                        .toList());
    }

    @Override
    public ChangeProblem problem(ListenException failure, String pointer) {
        return problem(ListenProblem.of(WrittenValues.NONE, Place.body(pointer), failure));
    }

    private static ChangeProblem problem(Problem problem) {
        return new ChangeProblem(
                problem.place().text(),
                Optional.of(problem.value()).filter(value -> !value.isEmpty()),
                problem.reason(),
                problem.fix());
    }
}
