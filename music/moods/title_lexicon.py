"""List words of titles with their valence and arousal in coarse steps.

The words were picked by hand among those that are common in titles and have a plain pleasant, unpleasant, stirring or
calming sense; the three steps per axis are our own judgement, no published norms were used.
"""

# (valence, arousal) -> words. Another language's words stand with the English ones that they translate.
_GROUPS: dict[tuple[int, int], str] = {
    (1, 1): """
        party dance dancing disco happy joy fun celebrate celebration sunshine summer shine alive wow hooray
        boogie groove funky jump excited amazing glory victory win winner champion champions paradise magic
        free freedom gold golden yes jam carnival fiesta baila bailar alegria feliz dançar samba salsa rumba
        danse danser fête tanzen ballare festa vive glücklich kiss sexy hot rocking""",
    (1, 0): """
        love loving lover sweet beautiful good best smile smiling heaven honey baby darling sugar sunny
        lucky friend friends hope blessed bless lovely wonderful happiness spring flower flowers rainbow
        wedding birthday christmas holiday beach together amor amour liebe amore corazon beijo bella belle
        linda sol soleil sonne sole""",
    (1, -1): """
        peace peaceful gentle calm quiet serene serenity angel angels lullaby dream dreams dreaming dreamy
        breeze moonlight morning river ocean sea garden home soft slow sleep sleepy relax meditation easy
        harmony heavenly grace tender silent snow stars starlight paz paix frieden pace""",
    (0, 1): """
        run running fast fire burn burning wild crazy electric rock roll power thunder storm beat loud
        machine highway speed ride race energy rush explode bang boom shake rocket action fuego fogo feu
        feuer fuoco loco loca""",
    (0, -1): """
        interlude prelude ambient piano nocturne adagio silence shadow winter night evening autumn rain
        slowly lento ballad acoustic drift drifting floating noche nuit nacht notte lluvia pluie""",
    (-1, 1): """
        hate kill killing killer war blood bloody die death dead murder rage anger angry mad fight fighting
        violence violent destroy destruction hell devil demon demons evil satan scream screaming fear terror
        panic enemy gun guns bullet bomb destroyer slaughter chaos nightmare torture brutal revenge fuck
        shit bitch damned beast monster weapon riot odio guerra muerte morte sangre mort guerre krieg tod
        hass blut""",
    (-1, 0): """
        bad wrong lie lies liar pain hurt hurts broken break trouble lost losing lose sick poison dirty ugly
        fool cold dark darkness black cruel sin guilty shame scars wound wounds prison dolor dor douleur
        schmerz dolore""",
    (-1, -1): """
        sad sadness cry crying tears tear lonely alone loneliness goodbye farewell sorrow blue blues grave
        funeral misery miss missing empty gone leaving leave sorry tired regret grief mourning weep weeping
        hopeless forgotten fade fading ghost ghosts without never dying solo soledad triste tristeza adios
        adeus adieu llorar seul einsam traurig tränen lágrimas solitude suicide""",
}

WORDS: dict[str, tuple[int, int]] = {
    word: steps for steps, words in _GROUPS.items() for word in words.split()
}
