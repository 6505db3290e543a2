// SPDX-License-Identifier: MIT
// Copyright (c) 2026 The Regimen developers
#pragma once

#include <cmath>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "regimen/nn/module_state.hpp"
#include "regimen/nn/parameters.hpp"
#include "regimen/ops/reduce.hpp"
#include "regimen/train/observer/observer.hpp"
#include "regimen/train/phase.hpp"

namespace regimen {

/// What run() does besides training.
struct RunOptions {
  std::vector<std::shared_ptr<Observer>> observers = {};  ///< a resumed run is given the same in the same order
  /// Called after each step; after a phase's last one when the phase has ended. snapshot() gives the State from which
  /// load() continues to the same bits. See checkpoint_to() in train/checkpoint.hpp.
  std::function<void(const StepReport&, const std::function<State()>& snapshot)> checkpoint = {};
};

/// Training in phases: runs them one after the other on a model. A step takes a batch from the sampler, evaluates the
/// objective, updates the trainable parameters, and tells the sampler the samples' losses if the objective gave them.
///
///   Program program(model, {warm_up, training});
///   program.run({.observers = {progress_bar()}});
///
/// Everything that a run needs to go on is in save(): the model, its random numbers, the phase's optimizers, sampler
/// and end, the best model so far, and what track() was given. The model must outlive the program.
template <class T = float, class Device = Cpu>
class Program {
 public:
  template <class Model>
  Program(Model& model, std::vector<Phase<T, Device>> phases) : model_(model), phases_(std::move(phases)) {
    for (const auto& phase : phases_) check(phase);
  }

  /// Something else that training changes, such as an Rng of the objective: it is saved and loaded under this name. It
  /// must outlive the program.
  template <class Component>
  void track(const std::string& name, Component& component) {
    for (const auto& part : tracked_)
      if (part.name == name) detail::fail("Program::track", {"there already is '", name, "'"}, "names must differ");
    tracked_.push_back({name,
                        [&component, name](State& state) {
                          if constexpr (requires { component.save(state); })
                            component.save(state.scope(name));
                          else
                            state.put(name, component);
                        },
                        [&component, name](const State& state) {
                          if constexpr (requires { component.load(state); })
                            component.load(state.part(name));
                          else
                            component = state.get<Component>(name);
                        }});
  }

  bool finished() const { return at_ == size(); }
  std::int64_t phase_index() const { return at_; }
  /// Steps that the current phase has completed.
  std::int64_t step() const { return report_.step; }
  /// The metrics of the last evaluation.
  const Metrics& metrics() const { return report_.metrics; }

  /// Trains from where the program is to its end. Throws Error for a loss that is not finite, at the step where it
  /// occurs, and passes on what objectives, samplers and observers throw. What has been thrown out of a step has left
  /// that step half done: go on from the last checkpoint. Between steps, as in an observer, save() is as good as that.
  void run(const RunOptions& options = {}) {
    observers_ = options.observers;
    const auto checkpoint = [&] {
      if (!options.checkpoint) return;
      options.checkpoint(report_, [&] {
        State state;
        save(state);
        return state;
      });
    };
    if (loaded_) load_observers();
    while (!finished()) {
      Phase<T, Device>& phase = current();
      enter(phase);
      for (const auto& observer : observers_) observer->phase_begins(report_);
      while (!ending_) {
        take_step(phase);
        for (const auto& observer : observers_) observer->step(report_);
        if (!ending_) checkpoint();
      }
      leave(phase);
      for (const auto& observer : observers_) observer->phase_ends(report_);
      ++at_;
      begun_ = false;
      if (!finished()) checkpoint();
    }
    model_.set_trainable("*");
    set_training<Device>(model_, false);
    checkpoint();
  }

  [[gnu::cold]] void save(State& state) const {
    state.put("phase", at_);
    state.put("phases", phase_names());
    state.put("begun", begun_);
    save_module(const_cast<ModelHandle<Device>&>(model_), state.scope("model"));  // which it does not change
    model_.save(state.scope("model_handle"));
    for (const auto& part : tracked_) part.save(state.scope("tracked"));
    if (begun_) save_phase(state.scope("current"));
    State& watching = state.scope("observers");
    if (loaded_)
      put_all(observer_state_, watching);
    else
      for (std::size_t i = 0; i < observers_.size(); ++i) observers_[i]->save(watching.scope(std::to_string(i)));
  }

  /// Brings the program to where a State was saved. It must have the same phases, and the model the structure that it
  /// had when the program was made: the surgery up to the saved phase is done again. Throws Error where they differ, or
  /// the State is damaged; program, model and what is tracked are then as they were (a model that cannot be copied: but
  /// for the surgery).
  [[gnu::cold]] void load(const State& state) {
    const auto at = state.get<std::int64_t>("phase");
    const auto names = state.get<std::string>("phases");
    if (names != phase_names() || at < 0 || at > size())
      detail::fail("Program::load", {"the state is of phases ", names, ", the program's are ", phase_names()},
                   "load it into the program that saved it");
    Program before = *this;
    State tracked;
    for (const auto& part : tracked_) part.save(tracked);
    tracked = tracked.clone();
    const auto restore_model = model_.backup();
    try {
      load_values(state, at, at < size() && state.get<bool>("begun"));
    } catch (...) {
      *this = std::move(before);
      restore_model(model_);
      for (const auto& part : tracked_) part.load(tracked);
      if (begun_) {
        const Sampler sampler = current().sampler;  // prepare may set another
        set_up(current());
        current().sampler = sampler;
      }
      throw;
    }
  }

 private:
  struct Tracked {
    std::string name;
    std::function<void(State&)> save;
    std::function<void(const State&)> load;
  };

  std::int64_t size() const { return static_cast<std::int64_t>(phases_.size()); }

  [[gnu::cold]] std::string phase_names() const {
    std::string names;
    for (const auto& phase : phases_) names += (names.empty() ? "'" : ", '") + phase.name + "'";
    return names;
  }

  Phase<T, Device>& current() { return phases_[static_cast<std::size_t>(at_)]; }
  const Phase<T, Device>& current() const { return phases_[static_cast<std::size_t>(at_)]; }

  static std::size_t turn_count(const Phase<T, Device>& phase) { return phase.turns.empty() ? 1 : phase.turns.size(); }
  static Optimizer<T, Device>& optimizer(Phase<T, Device>& phase, std::size_t i) {
    return phase.turns.empty() ? phase.optimizer : phase.turns[i].optimizer;
  }
  static const Optimizer<T, Device>& optimizer(const Phase<T, Device>& phase, std::size_t i) {
    return phase.turns.empty() ? phase.optimizer : phase.turns[i].optimizer;
  }

  [[gnu::cold]] static void check(const Phase<T, Device>& phase) {
    const auto fail = [&](const std::string& problem, const std::string& remedy) {
      detail::fail("Program", {"phase '", phase.name, "' ", problem}, remedy);
    };
    if (!phase.until.defined()) fail("has no end", "give it one, such as .until = steps(1000)");
    if (phase.turns.empty() && (!phase.objective || !phase.optimizer.defined()))
      fail("lacks its objective or its optimizer", "set .objective and .optimizer, or .turns");
    if (!phase.turns.empty() && (phase.objective || phase.optimizer.defined()))
      fail("has turns and also an objective or optimizer of its own", "set one or the other");
    for (const auto& turn : phase.turns)
      if (!turn.objective || !turn.optimizer.defined() || turn.updates < 1 || turn.every < 1 || turn.name.empty())
        fail("has an incomplete turn '" + turn.name + "'",
             "a turn has a name, an objective, an optimizer, and updates and every >= 1");
    if (phase.evaluate_every < 0)
      fail("evaluates every " + std::to_string(phase.evaluate_every) + " steps", "0 or more");
    if (!phase.keep_best.metric.empty() && !phase.evaluate)
      fail("keeps the best model but never evaluates", "set .evaluate");
  }

  StepReport blank_report() const {
    const auto& phase = current();
    StepReport report;
    report.phase = phase.name;
    report.phase_index = at_;
    report.step_limit = phase.until.step_limit();
    return report;
  }

  /// Begins a phase, or goes on in one.
  void enter(Phase<T, Device>& phase) {
    if (begun_) return set_turn(phase, 0);
    for (const auto& transition : phase.before) transition.apply(model_);
    updates_.assign(turn_count(phase), 0);
    forget_best();
    report_ = blank_report();
    set_up(phase);
    if (phase.sampler.defined()) report_.epoch = phase.sampler.epoch();
    ending_ = report_.phase_ends = phase.until.reached(report_);
    begun_ = true;
  }

  /// Prepares what the phase needs besides the model, packs the model's parameters, and picks those of each turn.
  void set_up(Phase<T, Device>& phase) {
    if (phase.prepare) {
      const NoGrad guard;
      set_training<Device>(model_, false);
      phase.prepare(phase);
    }
    parameters_ = parameters<T, Device>(model_);
    selected_.clear();
    for (std::size_t i = 0; i < turn_count(phase); ++i)
      selected_.push_back(parameters_.select(phase.turns.empty() ? phase.trainable : phase.turns[i].trainable));
    set_turn(phase, 0);
  }

  void set_turn(const Phase<T, Device>& phase, std::size_t i) {
    model_.set_trainable(phase.turns.empty() ? phase.trainable : phase.turns[i].trainable);
  }

  void take_step(Phase<T, Device>& phase) {
    report_.losses.clear();
    report_.evaluated = false;
    for (std::size_t i = 0; i < turn_count(phase); ++i) {
      const std::int64_t every = phase.turns.empty() ? 1 : phase.turns[i].every;
      const std::int64_t count = phase.turns.empty() ? 1 : phase.turns[i].updates;
      if (report_.step % every != 0) continue;
      if (turn_count(phase) > 1) set_turn(phase, i);
      for (std::int64_t update = 0; update < count; ++update) {
        if (update > 0) report_.losses.pop_back();  // the last update's stays
        take_turn(phase, i);
      }
    }
    ++report_.step;
    if (phase.sampler.defined()) report_.epoch = phase.sampler.epoch();
    if (phase.evaluate && phase.evaluate_every > 0 && report_.step % phase.evaluate_every == 0) evaluate(phase);
    ending_ = phase.until.reached(report_);
    report_.phase_ends = ending_;
    if (ending_ && phase.evaluate && !report_.evaluated) evaluate(phase);
  }

  void take_turn(Phase<T, Device>& phase, std::size_t i) {
    Step step{.step = report_.step, .epoch = report_.epoch};
    if (phase.sampler.defined()) step.indices = phase.sampler.next();
    const auto& objective = phase.turns.empty() ? phase.objective : phase.turns[i].objective;
    const std::string name = phase.turns.empty() ? "loss" : phase.turns[i].name + ".loss";
    const Tensor<T, Device> losses = objective(step);
    if (!losses.defined() || losses.rank() > 1 ||
        (losses.rank() == 1 && step.indices.defined() && losses.size() != step.indices.size()))
      detail::fail("Program",
                   {"the objective of phase '", phase.name, "' gives ",
                    (losses.defined() ? "losses " + losses.shape().to_string() : "no loss"),
                    (step.indices.defined() ? " for indices " + step.indices.shape().to_string() : "")},
                   "a loss is a scalar, or one value a sample");
    const Tensor<T, Device> loss = losses.rank() == 0 ? losses : mean(losses);
    const double value = static_cast<double>(loss.item());
    if (!std::isfinite(value))
      detail::fail("Program",
                   {"the ", name, " is ", (std::isnan(value) ? "not a number" : "infinite"), " in step ",
                    report_.step + 1, " of phase '", phase.name, "'"},
                   "lower the learning rate, clip gradients, or look for a division by zero in the objective");
    backward(loss, selected_[i]);
    optimizer(phase, i).update(selected_[i], Progress{updates_[i]++});
    report_.losses.push_back({name, value});
    if (losses.rank() == 1 && step.indices.defined()) {
      if constexpr (std::is_same_v<T, float>)
        phase.sampler.observe(step.indices, losses.detach());
      else
        phase.sampler.observe(step.indices, losses.template to<float>());
    }
  }

  void evaluate(const Phase<T, Device>& phase) {
    {
      const NoGrad guard;
      set_training<Device>(model_, false);
      report_.metrics = phase.evaluate();
    }
    set_turn(phase, 0);
    report_.evaluated = true;
    if (phase.keep_best.metric.empty()) return;
    const double* value = find_metric(report_.metrics, phase.keep_best.metric);
    if (value == nullptr)
      detail::fail("Program", {"phase '", phase.name, "' evaluates no '", phase.keep_best.metric, "'"},
                   "name one of its metrics in .keep_best");
    if (std::isnan(*value) || (has_best_ && !(phase.keep_best.maximise ? *value > best_value_ : *value < best_value_)))
      return;
    has_best_ = true;
    best_value_ = *value;
    State state;
    save_module(model_, state);
    best_ = state.clone();
  }

  void leave(const Phase<T, Device>& phase) {
    if (has_best_) {
      load_module(model_, best_);
      const NoGrad guard;
      set_training<Device>(model_, false);
      report_.metrics = phase.evaluate();
    }
    forget_best();
  }

  void forget_best() {
    has_best_ = false;
    best_value_ = 0;
    best_ = {};
  }

  static void put_all(const State& from, State& to) {
    for (const auto& entry : from.entries())
      std::visit([&](const auto& value) { to.put(entry.name, value); }, entry.value);
  }

  [[gnu::cold]] void save_phase(State& state) const {
    const Phase<T, Device>& phase = current();
    state.put("step", report_.step);
    state.put("ending", ending_);
    for (std::size_t i = 0; i < turn_count(phase); ++i) {
      state.put("updates." + std::to_string(i), updates_[i]);
      optimizer(phase, i).save(state.scope("optimizer." + std::to_string(i)));
    }
    if (phase.sampler.defined()) phase.sampler.save(state.scope("sampler"));
    phase.until.save(state.scope("until"));
    state.put("has_best", has_best_);
    state.put("best_value", best_value_);
    if (has_best_) put_all(best_, state.scope("best"));
    std::string names;
    for (const auto& [name, value] : report_.metrics) names += name + "\n";
    state.put("metric_names", names);
    for (std::size_t i = 0; i < report_.metrics.size(); ++i)
      state.put("metric." + std::to_string(i), report_.metrics[i].second);
  }

  [[gnu::cold]] void load_values(const State& state, std::int64_t at, bool begun) {
    for (std::int64_t i = at_ + (begun_ ? 1 : 0); i < at + (begun ? 1 : 0); ++i)
      for (const auto& transition : phases_[static_cast<std::size_t>(i)].before) transition.apply(model_);
    load_module(model_, state.scope("model"));
    model_.load(state.scope("model_handle"));
    for (const auto& part : tracked_) part.load(state.part("tracked"));
    at_ = at;
    begun_ = begun;
    forget_best();
    report_ = {};
    if (begun_) load_phase(state.scope("current"));
    observer_state_ = state.part("observers").clone();
    loaded_ = true;
  }

  [[gnu::cold]] void load_phase(const State& state) {
    Phase<T, Device>& phase = current();
    set_up(phase);
    updates_.clear();
    for (std::size_t i = 0; i < turn_count(phase); ++i) {
      updates_.push_back(state.get_count("updates." + std::to_string(i)));
      optimizer(phase, i).load(state.part("optimizer." + std::to_string(i)));
    }
    if (phase.sampler.defined()) phase.sampler.load(state.part("sampler"));
    phase.until.load(state.part("until"));
    ending_ = state.get<bool>("ending");
    report_ = blank_report();
    report_.step = state.get_count("step");
    report_.epoch = phase.sampler.defined() ? phase.sampler.epoch() : 0;
    report_.phase_ends = ending_;
    has_best_ = state.get<bool>("has_best");
    best_value_ = state.get<double>("best_value");
    if (has_best_) best_ = state.scope("best").clone();
    const auto names = state.get<std::string>("metric_names");
    for (std::size_t begin = 0, i = 0; begin < names.size(); ++i) {
      const auto end = names.find('\n', begin);
      report_.metrics.push_back({names.substr(begin, end - begin), state.get<double>("metric." + std::to_string(i))});
      begin = end + 1;
    }
  }

  void load_observers() {
    for (std::size_t i = 0; i < observers_.size(); ++i) observers_[i]->load(observer_state_.part(std::to_string(i)));
    loaded_ = false;
  }

  ModelHandle<Device> model_;
  std::vector<Phase<T, Device>> phases_;
  std::vector<Tracked> tracked_;
  Parameters<T, Device> parameters_;
  std::vector<Parameters<T, Device>> selected_;  // a turn each
  std::vector<std::int64_t> updates_;            // of each turn in this phase
  StepReport report_;
  std::int64_t at_ = 0;
  bool begun_ = false;   // the current phase's surgery is done
  bool ending_ = false;  // its end is reached
  bool has_best_ = false;
  double best_value_ = 0;
  State best_;
  std::vector<std::shared_ptr<Observer>> observers_;  // of the last run
  State observer_state_;                              // loaded, for the run to come
  bool loaded_ = false;                               // and no run has taken it up yet
};

template <class Model, class T = float, class Device = Cpu>
Program(Model&, std::vector<Phase<T, Device>>) -> Program<T, Device>;

}  // namespace regimen
