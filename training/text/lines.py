"""Hold lines that the reading of text is measured on, written before any result was looked at.

A few of each kind were known to go wrong.
"""

from collections.abc import Iterator

# English as people type it when they say how they are, in few words.
_ENGLISH = """
so sad|sad|angry|scared|good|bad day|afraid|feelin blue|wow|ok|lol|omg!!!
happy|so happy|very happy!|i'm happy|im sad|im so sad :(|i feel sad|feeling sad|feeling down|feeling low
down today|not good|not great|not bad|not so good|meh|bored|so bored|tired|so tired|exhausted|sleepy
stressed|stressed out|so stressed|anxious|nervous|worried|a bit worried|scared stiff|terrified|panic
furious|mad|so mad|pissed|pissed off|annoyed|so annoying|angry at him|i hate it|hate this|fed up|grumpy
disgusted|disgusting|gross|yuck|eww|that's sick|nasty|great|great day|awesome|amazing|wonderful day
love it|love you|love this|i love you|yay|yay!!|haha|hahaha|nice|nice one|cool|fine|i'm fine|im ok|okay
all good|doing well|pretty good|better now|much better|worse|terrible|horrible day|awful|bad|so bad
lonely|alone|so alone|heartbroken|crying|i cried|miss you|i miss him|missing home|depressed|hopeless
surprised|shocked|no way|what?!|what the hell|wtf|omg|oh no|oh my god|really?|unbelievable|speechless
relaxed|calm|peaceful|chilled|excited|so excited!|thrilled|proud|grateful|thankful|relieved|blessed
hurt|it hurts|upset|really upset|jealous|ashamed|guilty|embarrassed|confused|lost|numb|empty|broken
hello|hi there|thanks|thank you|good morning|yes|no|idk|dunno|whatever|just a normal day|same old
Sad.|SAD|Happy!|HAPPY|Scared...|Angry!!|Wow!|Good :)|so so|cheerful|gloomy|miserable|joyful|frightened
rough day|long day|best day ever|worst day ever|had a fight|got the job!|she left me|dog died|i won
"""

# What people write in other languages in as few words; a name in front, as ISO 639 has it.
_FOREIGN = """
de: so traurig|traurig|gut|sehr gut|super|bin traurig|ich bin müde|wütend|so wütend|Angst|ich habe Angst
de: schlecht|mir geht's gut|mir geht es schlecht|ganz okay hier|glücklich|ich bin froh|na ja|geht so|müde
de: toll|schöner Tag|alles gut|alles klar|danke|was für ein Tag|genervt|total genervt|ich hasse das|ekelhaft
de: nicht gut|einsam
nl: ik ben blij|ik ben verdrietig|verdrietig|boos|zo boos|bang|moe|ik ben moe|heel goed|goed|slecht|gaat wel
nl: niet zo goed|blij|gelukkig|leuk|wat een dag|lekker|eenzaam|vreselijk
fr: je suis triste|triste|très triste|Super content!|content|super|bien|très bien|pas bien|ça va|ça va pas
fr: je suis fatigué|fatiguée|en colère|j'ai peur|peur|heureuse|trop content|mal|pas mal|je t'aime|c'est nul
fr: dégoûté|j'en ai marre|seul|génial|bof|merci|bonne journée|quelle journée
es: muy triste|triste|malo|bien|muy bien|mal|muy mal|estoy triste|estoy feliz|feliz|contento|cansado
es: estoy cansada|enojado|enfadada|tengo miedo|miedo|qué asco|te quiero|te amo|solo|me siento solo
es: un mal día|buen día|no sé|más o menos|genial|qué horror|gracias|estoy bien
it: sono felice|felice|triste|sono triste|bene|molto bene|male|sto male|sto bene|arrabbiato|sono stanca
it: stanco|ho paura|paura|che schifo|ti amo|che bello|bella giornata|brutta giornata|così così|solo
it: mi manchi|che noia|contenta|non bene|grazie
pt: estou triste|triste|feliz|muito feliz|bem|muito bem|mal|tudo bem|cansado|estou cansada|com raiva
pt: com medo|medo|que nojo|te amo|saudade|sozinho|dia ruim|bom dia|mais ou menos|ótimo|péssimo|não sei
pt: obrigada
pl: smutny|jest mi smutno|smutno|zły|bardzo zły|boję się|szczęśliwa|jestem zmęczona|zmęczony|dobrze
pl: bardzo dobrze|źle|kocham cię|super dzień|fajnie|nudno|samotny|nie wiem|okropny dzień|strach
sv: ledsen|jag är ledsen|glad|så glad|arg|jag är arg|rädd|trött|så trött|bra|mycket bra|dåligt|mår bra
sv: mår dåligt|ensam|äckligt|vilken dag|älskar dig
da: jeg er ked af det|glad|jeg er glad|vred|bange|træt|godt|skidt|det går fint|ensom|elsker dig|hvad nu
no: jeg er trist|trist|glad|sint|redd|sliten|bra|dårlig dag|det går bra|ensom|kjempebra
fi: surullinen|olen surullinen|iloinen|vihainen|pelkään|väsynyt|hyvä|hyvin|huono päivä|ihan ok|yksinäinen
fi: rakastan sinua|kiitos
cs: jsem smutný|smutný|šťastná|naštvaný|bojím se|unavený|dobře|špatně|miluji tě|samotný|super den|nevím
hu: szomorú vagyok|szomorú|boldog|dühös|félek|fáradt|jól vagyok|rosszul|szeretlek|egyedül|utálom|nem tudom
ro: sunt trist|trist|fericit|supărat|mi-e frică|obosit|bine|foarte bine|rău|te iubesc|singur|nu știu
tr: üzgünüm|çok üzgünüm|mutluyum|çok mutlu|kızgın|korkuyorum|yorgun|iyiyim|kötü|çok kötü|yalnız
tr: seni seviyorum|bilmiyorum|iyi|harika
id: sedih|aku sedih|senang|bahagia|marah|takut|capek|lelah|baik|tidak baik|sangat sedih|kesepian|biasa saja
id: cinta kamu|terima kasih
vi: buồn|buồn quá|vui|rất vui|tức giận|sợ|mệt|tôi mệt|tốt|không tốt|cô đơn|yêu em|chán quá
tl: malungkot|masaya ako|galit|natatakot|pagod|mabuti|mahal kita|ang saya|nakakainis|salamat
hr: tužan sam|tužna|sretan|ljut|bojim se|umorna|dobro|loše|volim te|sam|ne znam|odlično
ca: estic trist|molt trist|content|estic bé|malament|tinc por|cansat|t'estimo|enfadat|molt bé
ru: грустно|мне грустно|я счастлив|злой|страшно|устал|хорошо|плохо|люблю тебя|одиноко
uk: сумно|мені сумно|щасливий|злий|боюся|втомилася|добре|погано|кохаю тебе
el: λυπημένος|είμαι χαρούμενη|θυμωμένος|φοβάμαι|κουρασμένη|καλά|άσχημα|σ'αγαπώ
ar: حزين|أنا حزين|سعيد|غاضب|خائف|تعبان|بخير|أحبك
he: עצוב|אני שמח|כועס|מפחד|עייף|טוב|רע
hi: दुखी|मैं खुश हूँ|गुस्सा|डर|थका हुआ|अच्छा|बुरा दिन
ja: 悲しい|嬉しい|怒ってる|怖い|疲れた|元気|最悪
ko: 슬퍼|행복해|화나|무서워|피곤해|좋아|나빠
zh: 难过|很开心|生气|害怕|累|很好|糟糕
th: เศร้า|มีความสุข|โกรธ|กลัว|เหนื่อย|ดีมาก
"""

# Negations, and what a careful reader would not mind being told. The first four were known to go wrong.
_NEGATED = """
I'm not sad at all: happy neutral
I don't feel scared: happy neutral
I am not happy: sad angry neutral disgust
not bad: happy neutral surprise
I am not angry: happy neutral
I'm not mad at you: happy neutral
I was never afraid of him: happy neutral
There is nothing to be scared of: happy neutral
No fear: happy neutral
I can't be happy about this: sad angry neutral disgust
That's not funny: angry sad neutral disgust
This is not good: sad angry neutral disgust fear
I don't like this: sad angry neutral disgust
I don't love him anymore: sad angry neutral disgust
She never makes me happy: sad angry neutral disgust
I am not surprised: neutral happy sad angry
It's no surprise to me: neutral happy sad angry
I'm not disgusted, just tired: neutral sad happy
No hate here: neutral happy
I don't hate you: neutral happy
I am not afraid of the dark: happy neutral
Don't worry, it's fine: happy neutral
Nobody is angry with you: happy neutral
I'm hardly ever sad: happy neutral
I did not enjoy it: sad angry neutral disgust
It was not great: sad angry neutral disgust
I'm not feeling well: sad neutral fear
This isn't nice of you: sad angry neutral disgust
I have never been so happy: happy
Without you I am not happy: sad neutral
He isn't scared anymore: happy neutral
I wasn't amused: sad angry neutral disgust
Not amazing, but not terrible: neutral happy
I won't cry about it: happy neutral angry
I'm not sad, I'm furious: angry
I'm not angry, I'm sad: sad
"""


def english() -> list[str]:
    """Return short English lines."""
    return [line for row in _ENGLISH.strip().splitlines() for line in row.split("|")]


def foreign() -> list[str]:
    """Return short lines in thirty other languages."""
    return [line for row in _FOREIGN.strip().splitlines() for line in row.split(": ", 1)[1].split("|")]


def negated() -> Iterator[tuple[str, list[str]]]:
    """Yield lines with a negation, each with the labels that a careful reader would not mind."""
    for row in _NEGATED.strip().splitlines():
        line, labels = row.rsplit(": ", 1)
        yield line, labels.split()
