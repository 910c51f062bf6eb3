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
import io.portproxy.net.Sockets;
import io.portproxy.server.Exposure;
import io.portproxy.server.RemoteSettings;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/** Checks remotes that come in while the process runs, by the rules that those of files have to keep. */
public final class ChangeCheck implements DefinitionCheck {
    private final Consumer<ListenAddresses> others;

    /** @param others takes the addresses of everything in this process that is neither a gateway's nor a remote's */
    ChangeCheck(Consumer<ListenAddresses> others) {
        this.others = others;
    }

    @Override
    public Session begin(Exposure there, Collection<RemoteDefinition> keptBack) {
        Problems problems = new Problems();
        ListenAddresses addresses = new ListenAddresses(problems);
        others.accept(addresses);
        there.gateways()
                .forEach(gateway -> addresses.claim(
                        Place.property("gateway " + gateway.name()), Sockets.text(gateway.bind()), gateway.bind()));
        addresses.claim(there.remotes());
        RemoteCheck remotes = new RemoteCheck(addresses, GatewayNames.of(there.gateways()), problems);
        there.remotes().forEach(remote -> {
            remotes.take(remote.name(), Place.property("the name of another remote"));
            remotes.claimHosts(remote);
        });
        keptBack.forEach(remotes::reserveHosts);
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
        RemotePlaces places = new RemotePlaces(
                Place.body(pointers.remote()),
                index -> Place.body(pointers.port(index)),
                index -> Place.body(pointers.host(index)));
        Optional<RemoteSettings> settings = remotes.run(places, Definitions.properties(remote, problems, places));
        List<Problem> found = problems.all();
        return new Result(
                settings,
                found.subList(before, found.size()).stream()
                        .map(problem -> problem(problem, remotes.isTaken(problem.place())))
                        .toList());
    }

    @Override
    public ChangeProblem problem(ListenException failure, String pointer) {
        return problem(ListenProblem.of(WrittenValues.NONE, Place.body(pointer), failure), true);
    }

    private static ChangeProblem problem(Problem problem, boolean conflict) {
        return new ChangeProblem(
                problem.place().text(),
                Optional.of(problem.value()).filter(value -> !value.isEmpty()),
                problem.reason(),
                problem.fix(),
                conflict);
    }
}
